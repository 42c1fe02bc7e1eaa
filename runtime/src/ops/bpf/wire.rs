//! What goes between `js/ops.ts` and the ops of an object's life, in the shapes declared there.

use deno_core::{JsBuffer, ToJsBuffer};
use serde::{Deserialize, Serialize};
use yeet_bpf::map::{Map, MapType};
use yeet_bpf::object::{InitStore, MapDecl, ProgramDecl, ProgramState, RunStats, SectionSpec, StartSpec};

use super::attach::WireAttach;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OpenedObject {
    pub(crate) handle: u32,
    pub(crate) btf: ToJsBuffer,
    pub(crate) maps: Vec<WireMap>,
    pub(crate) programs: Vec<WireProgram>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireMap {
    name: String,
    kernel_name: String,
    section: Option<String>,
    map_type: String,
    key_size: u32,
    value_size: u32,
    max_entries: u32,
    key_type_id: u32,
    value_type_id: u32,
}

impl From<&MapDecl> for WireMap {
    fn from(decl: &MapDecl) -> Self {
        Self {
            name: decl.name.clone(),
            kernel_name: decl.kernel_name.clone(),
            section: decl.section.clone(),
            map_type: MapType::from_raw(decl.map_type).as_str().to_owned(),
            key_size: decl.key_size,
            value_size: decl.value_size,
            max_entries: decl.max_entries,
            key_type_id: decl.key_type_id,
            value_type_id: decl.value_type_id,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireProgram {
    name: String,
    section: String,
    autoload: bool,
}

impl From<&ProgramDecl> for WireProgram {
    fn from(decl: &ProgramDecl) -> Self {
        Self { name: decl.name.clone(), section: decl.section.clone(), autoload: decl.autoload }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireStart {
    sections: Vec<WireSection>,
    attach: Vec<WireAttach>,
    pub(crate) maps: Vec<String>,
    pub(crate) rings: Vec<WireRing>,
}

#[derive(Deserialize)]
pub(crate) struct WireSection {
    map: String,
    init: Vec<WireStore>,
    freeze: bool,
}

#[derive(Deserialize)]
pub(crate) struct WireStore {
    offset: u32,
    bytes: JsBuffer,
    mask: Option<JsBuffer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireRing {
    pub(crate) map: String,
    pub(crate) capacity: u32,
    pub(crate) byte_cap: u32,
}

impl WireStart {
    pub(crate) fn start_spec(&self) -> StartSpec {
        StartSpec {
            sections: self.sections.iter().map(WireSection::lower).collect(),
            attach: self.attach.iter().map(|spec| (spec.program.clone(), spec.how.lower())).collect(),
        }
    }
}

impl WireSection {
    fn lower(&self) -> SectionSpec {
        let init = self.init.iter().map(|store| InitStore {
            offset: store.offset,
            bytes: store.bytes.to_vec(),
            mask: store.mask.as_ref().map(|mask| mask.to_vec()),
        });
        SectionSpec { map: self.map.clone(), init: init.collect(), freeze: self.freeze }
    }
}

#[derive(Serialize)]
pub(crate) struct StartedObject {
    pub(crate) handle: u32,
    pub(crate) maps: Vec<WireMapState>,
    pub(crate) warnings: Vec<String>,
}

#[derive(Serialize)]
pub(crate) struct WireProgramState {
    name: String,
    section: String,
    #[serde(rename = "type")]
    prog_type: String,
    id: Option<u32>,
    attached: Vec<WireAttachment>,
    stats: Option<WireStats>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireStats {
    runs: u64,
    run_time_ns: u64,
}

#[derive(Serialize)]
struct WireAttachment {
    how: String,
    target: String,
}

impl From<&ProgramState> for WireProgramState {
    fn from(state: &ProgramState) -> Self {
        let attached =
            state.attached.iter().map(|place| WireAttachment { how: place.how.clone(), target: place.target.clone() });
        Self {
            name: state.name.clone(),
            section: state.section.clone(),
            prog_type: state.prog_type.clone(),
            id: state.id,
            attached: attached.collect(),
            stats: state.stats.map(|RunStats { runs, time_ns }| WireStats { runs, run_time_ns: time_ns }),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireMapState {
    name: String,
    handle: u32,
    map_type: String,
    key_size: u32,
    value_size: u32,
    max_entries: u32,
    flags: u32,
    cpus: u32,
}

impl WireMapState {
    pub(crate) fn new(handle: u32, map: &Map) -> Self {
        let info = map.info();
        let cpus = if info.map_type.is_percpu() {
            map.value_stride() / info.value_size.next_multiple_of(8).max(8) as usize
        } else {
            0
        };
        Self {
            name: info.name.clone(),
            handle,
            map_type: info.map_type.as_str().to_owned(),
            key_size: info.key_size,
            value_size: info.value_size,
            max_entries: info.max_entries,
            flags: info.flags,
            cpus: cpus as u32,
        }
    }
}
