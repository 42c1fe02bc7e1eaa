//! What an object declares.

use std::ffi::{CStr, c_char};
use std::ptr::NonNull;

use libbpf_rs::{AsRawLibbpf, OpenProgram};

use crate::attach::Lane;

/// How many bytes of a name the kernel keeps.
const KERNEL_NAME_LENGTH: usize = 15;

/// A map of the object. Before start the sizes are those of the file, afterwards those of the kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapDecl {
    /// The name in the file: the variable's, or the section's (`.data`) for a data section.
    pub name: String,
    /// As the kernel and bpftool show it: at most 15 characters, `probe.data` for a data section.
    pub kernel_name: String,
    /// For a map that backs a data section, that section.
    pub section: Option<String>,
    /// The kernel's `BPF_MAP_TYPE_…` number.
    pub map_type: u32,
    /// Bytes.
    pub key_size: u32,
    /// Bytes.
    pub value_size: u32,
    pub max_entries: u32,
    /// `BPF_F_…`
    pub flags: u32,
    /// BTF id of the key's type, 0 where the declaration has none.
    pub key_type_id: u32,
    /// BTF id of the value's type (of the DATASEC for a data section), 0 where the declaration has none.
    pub value_type_id: u32,
}

impl MapDecl {
    pub(super) fn read(map: NonNull<libbpf_sys::bpf_map>) -> Self {
        let map = map.as_ptr().cast_const();
        // SAFETY: the pointer came from an iterator over an object that the caller holds; these functions only read.
        unsafe {
            let full_name = text(libbpf_sys::bpf_map__name(map));
            let section = libbpf_sys::bpf_map__is_internal(map).then(|| section_of(&full_name));
            Self {
                name: section.clone().unwrap_or_else(|| full_name.clone()),
                kernel_name: cut(&full_name),
                section,
                map_type: libbpf_sys::bpf_map__type(map),
                key_size: libbpf_sys::bpf_map__key_size(map),
                value_size: libbpf_sys::bpf_map__value_size(map),
                max_entries: libbpf_sys::bpf_map__max_entries(map),
                flags: libbpf_sys::bpf_map__map_flags(map),
                key_type_id: libbpf_sys::bpf_map__btf_key_type_id(map),
                value_type_id: libbpf_sys::bpf_map__btf_value_type_id(map),
            }
        }
    }

    /// A constant section: `.rodata` or `.rodata.*`.
    pub fn is_rodata(&self) -> bool {
        self.section.as_deref().is_some_and(|section| section == ".rodata" || section.starts_with(".rodata."))
    }
}

/// The section behind libbpf's name of a data section: `probe.data` stands for `.data`, other sections keep their name.
fn section_of(full_name: &str) -> String {
    match full_name.rfind('.') {
        Some(dot) if !full_name.starts_with('.') => full_name[dot..].to_owned(),
        _ => full_name.to_owned(),
    }
}

fn cut(name: &str) -> String {
    let mut end = name.len().min(KERNEL_NAME_LENGTH);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name[..end].to_owned()
}

/// A program of the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramDecl {
    /// The function's name.
    pub name: String,
    /// What `SEC("…")` says, without the `?` of an optional program.
    pub section: String,
    /// The kernel's name of the program's type (`tracepoint`, `xdp`); `unspec` where the section is not known.
    pub prog_type: String,
    /// The kernel's name of the expected attach type, where the type has any.
    pub attach_type: Option<String>,
    /// False for `SEC("?…")`.
    pub autoload: bool,
    /// How it gets where it belongs.
    pub lane: Lane,
}

impl ProgramDecl {
    pub(crate) fn read(program: &OpenProgram<'_>) -> Self {
        let name = program.name().to_string_lossy().into_owned();
        let section = program.section().to_string_lossy().into_owned();
        let raw = program.as_libbpf_object().as_ptr().cast_const();
        // SAFETY: the program belongs to an open object; the name functions take any number and return static strings or null.
        let (prog_type, prog_type_name, attach_type, attach_type_name) = unsafe {
            let prog_type = libbpf_sys::bpf_program__type(raw);
            let attach_type = libbpf_sys::bpf_program__expected_attach_type(raw);
            let prog_type_name = text(libbpf_sys::libbpf_bpf_prog_type_str(prog_type));
            (prog_type, prog_type_name, attach_type, text(libbpf_sys::libbpf_bpf_attach_type_str(attach_type)))
        };
        // Attach type 0 is a real one for this program type only; elsewhere it means that there is none.
        let has_attach_type = attach_type != 0 || prog_type == libbpf_sys::BPF_PROG_TYPE_CGROUP_SKB;
        Self {
            lane: Lane::of(&section, prog_type, attach_type),
            name,
            section,
            prog_type: prog_type_name,
            attach_type: has_attach_type.then_some(attach_type_name),
            autoload: program.autoload(),
        }
    }

    /// `a tracing program`, `an xdp program`: by how the kernel's name is spoken.
    pub(crate) fn described(&self) -> String {
        let vowel = ["ext", "lsm", "lwt_", "sk_", "unspec", "xdp"].iter().any(|name| self.prog_type.starts_with(name));
        format!("{} {} program", if vowel { "an" } else { "a" }, self.prog_type)
    }
}

/// Copies one of libbpf's strings. The gate let only printable UTF-8 through.
///
/// # Safety
///
/// `string` must be null or a NUL-terminated string.
unsafe fn text(string: *const c_char) -> String {
    if string.is_null() {
        return String::new();
    }
    // SAFETY: not null, and NUL-terminated by this function's contract.
    unsafe { CStr::from_ptr(string) }.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_section_is_behind_the_object_name() {
        assert_eq!(section_of("execsnoo.rodata"), ".rodata");
        assert_eq!(section_of(".rodata.config"), ".rodata.config");
        assert_eq!(section_of(".rodata.str1.1"), ".rodata.str1.1");
        assert_eq!(cut(".rodata.abracadabra"), ".rodata.abracad");
    }
}
