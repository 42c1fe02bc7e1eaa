//! What the kernel says about a map.

use std::ffi::{CStr, c_char};

use super::MapType;

/// A map's metadata, read once when the map is opened. Only `max_entries` of some kinds could change, and it does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapInfo {
    /// The full name, as in the ELF file.
    pub name: String,
    pub map_type: MapType,
    /// Bytes of a key; 0 for maps without keys.
    pub key_size: u32,
    /// Bytes of a value on one CPU.
    pub value_size: u32,
    pub max_entries: u32,
    /// The BPF_F_* flags that the map was created with.
    pub flags: u32,
    /// The kernel's id of this map.
    pub id: u32,
}

impl MapInfo {
    pub(super) fn new(raw: &libbpf_sys::bpf_map_info, name: String) -> Self {
        Self {
            name: if name.is_empty() { kernel_name(&raw.name) } else { name },
            map_type: MapType::from_raw(raw.type_),
            key_size: raw.key_size,
            value_size: raw.value_size,
            max_entries: raw.max_entries,
            flags: raw.map_flags,
            id: raw.id,
        }
    }

    pub(super) fn has_flag(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }
}

fn kernel_name(raw: &[c_char]) -> String {
    let bytes: Vec<u8> = raw.iter().map(|&byte| byte.cast_unsigned()).collect();
    CStr::from_bytes_until_nul(&bytes).map_or_else(|_| String::new(), |name| name.to_string_lossy().into_owned())
}
