//! What is known of an object, in the shapes of js/tools/facts.ts.

use std::path::Path;

use deno_core::ToJsBuffer;
use serde::Serialize;
use yeet_bpf::Kind;
use yeet_bpf::map::MapType;
use yeet_bpf::object::{self, Description, MapDecl, MapDescription, ProgramDescription};

use super::Failure;

#[derive(Serialize)]
pub(super) struct Facts {
    file: String,
    license: Option<String>,
    btf: ToJsBuffer,
    maps: Vec<Map>,
    programs: Vec<Program>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Map {
    name: String,
    kernel_name: String,
    section: Option<String>,
    map_type: String,
    key_size: u32,
    value_size: u32,
    max_entries: u32,
    flags: u32,
    key_type_id: u32,
    value_type_id: u32,
    initial: Option<ToJsBuffer>,
    inner: Option<Inner>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Inner {
    map_type: String,
    key_size: u32,
    value_size: u32,
    max_entries: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Program {
    name: String,
    section: String,
    #[serde(rename = "type")]
    prog_type: String,
    attach_type: Option<String>,
    autoload: bool,
    kind: &'static str,
    attach: String,
    spec: Option<String>,
    instructions: u64,
    helpers: Vec<u32>,
    kfuncs: Vec<String>,
}

/// Opens the object at `path` behind the gate.
pub(super) fn read(path: &Path) -> Result<Facts, Failure> {
    let description = object::describe(path).map_err(|error| match error.kind() {
        Kind::InvalidObject | Kind::Unsupported => Failure::Unfit(error.message().to_owned()),
        _ => Failure::Missing(error.message().to_owned()),
    })?;
    let Description { path, license, btf, maps, programs } = description;
    Ok(Facts {
        file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        license,
        btf: btf.into(),
        maps: maps.into_iter().map(Map::from).collect(),
        programs: programs.into_iter().map(Program::from).collect(),
    })
}

impl From<MapDescription> for Map {
    fn from(MapDescription { decl, initial, inner }: MapDescription) -> Self {
        Self {
            name: decl.name,
            kernel_name: decl.kernel_name,
            section: decl.section,
            map_type: MapType::from_raw(decl.map_type).as_str().to_owned(),
            key_size: decl.key_size,
            value_size: decl.value_size,
            max_entries: decl.max_entries,
            flags: decl.flags,
            key_type_id: decl.key_type_id,
            value_type_id: decl.value_type_id,
            initial: initial.map(ToJsBuffer::from),
            inner: inner.as_ref().map(Inner::from),
        }
    }
}

impl From<&MapDecl> for Inner {
    fn from(decl: &MapDecl) -> Self {
        Self {
            map_type: MapType::from_raw(decl.map_type).as_str().to_owned(),
            key_size: decl.key_size,
            value_size: decl.value_size,
            max_entries: decl.max_entries,
        }
    }
}

impl From<ProgramDescription> for Program {
    fn from(ProgramDescription { decl, intent, instructions, helpers, kfuncs }: ProgramDescription) -> Self {
        Self {
            kind: decl.lane.attach_kind(),
            name: decl.name,
            section: decl.section,
            prog_type: decl.prog_type,
            attach_type: decl.attach_type,
            autoload: decl.autoload,
            attach: intent.text,
            spec: intent.spec,
            instructions,
            helpers,
            kfuncs,
        }
    }
}
