//! Maps made for one test, without an object.

use std::ffi::CString;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::Arc;

use libbpf_sys as lib;
use yeet_bpf::map::{Map, MapType, Page};

/// What a map is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) kind: MapType,
    pub(crate) key: u32,
    pub(crate) value: u32,
    pub(crate) entries: u32,
    pub(crate) flags: u32,
    pub(crate) extra: u64,
}

impl Shape {
    pub(crate) fn new(kind: MapType, key: u32, value: u32, entries: u32) -> Self {
        let flags = if kind == MapType::LpmTrie { lib::BPF_F_NO_PREALLOC } else { 0 };
        Self { kind, key, value, entries, flags, extra: 0 }
    }

    pub(crate) fn flags(self, flags: u32) -> Self {
        Self { flags: self.flags | flags, ..self }
    }

    pub(crate) fn create_fd(self, name: &str) -> OwnedFd {
        let kernel_name = CString::new(&name[..name.len().min(15)]).expect("no NUL");
        let opts = lib::bpf_map_create_opts {
            sz: size_of::<lib::bpf_map_create_opts>() as lib::size_t,
            map_flags: self.flags,
            map_extra: self.extra,
            ..Default::default()
        };
        // SAFETY: the name and the options outlive the call.
        let fd = unsafe {
            lib::bpf_map_create(self.kind.as_raw(), kernel_name.as_ptr(), self.key, self.value, self.entries, &opts)
        };
        assert!(fd >= 0, "{self:?}: {}", std::io::Error::from_raw_os_error(-fd));
        // SAFETY: the descriptor is new and nobody else's.
        unsafe { OwnedFd::from_raw_fd(fd) }
    }

    pub(crate) fn create(self, name: &str) -> Arc<Map> {
        Arc::new(Map::from_fd(self.create_fd(name), name.to_owned()).expect("from_fd"))
    }
}

pub(crate) fn create(kind: MapType, key: u32, value: u32, entries: u32) -> Arc<Map> {
    Shape::new(kind, key, value, entries).create("some_map")
}

pub(crate) fn freeze(map: &Map) {
    // SAFETY: takes a number only.
    assert_eq!(unsafe { lib::bpf_map_freeze(map.fd().as_raw_fd()) }, 0);
}

/// The pairs of a page.
pub(crate) fn pairs(map: &Map, page: &Page) -> Vec<(Vec<u8>, Vec<u8>)> {
    let (key, value) = (map.info().key_size as usize, map.value_stride());
    assert_eq!((page.keys.len(), page.values.len()), (page.count * key, page.count * value));
    page.keys
        .chunks_exact(key)
        .zip(page.values.chunks_exact(value))
        .map(|(key, value)| (key.to_vec(), value.to_vec()))
        .collect()
}

/// Keys and values of `u32` numbers, one after the other, for maps with 4-byte keys.
pub(crate) fn numbered(map: &Map, numbers: impl IntoIterator<Item = u32>) -> (Vec<u8>, Vec<u8>, u32) {
    let (mut keys, mut values, mut count) = (Vec::new(), Vec::new(), 0);
    for number in numbers {
        keys.extend_from_slice(&number.to_ne_bytes());
        values.extend(std::iter::repeat_n(number as u8, map.value_stride()));
        count += 1;
    }
    (keys, values, count)
}
