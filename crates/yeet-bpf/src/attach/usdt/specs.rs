//! The map in which programs look up where the arguments of a static probe are. Its layout is that of libbpf's <bpf/usdt.bpf.h>.

use std::collections::{BTreeSet, HashMap};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use libbpf_sys as sys;

use super::argument::Layout;
use crate::sys::bpf::map_info;

/// As far as the kernel keeps it.
const NAME: &[u8] = b"__bpf_usdt_spec";

/// The map of one program.
pub(super) struct Specs {
    fd: OwnedFd,
    map: u32,
    count: u32,
    pub(super) layout: Layout,
}

/// An entry of the map, free again with this value.
#[derive(Debug)]
pub(crate) struct SpecId {
    map: u32,
    id: u32,
}

impl Specs {
    /// `None` for a program that asks for no arguments, and for one with headers of a layout that nobody knows.
    pub(super) fn of(program: BorrowedFd<'_>) -> Option<Self> {
        maps(program)?.into_iter().find_map(|map| {
            // SAFETY: takes any number; the descriptor that comes back is ours.
            let fd = unsafe {
                let fd = sys::bpf_map_get_fd_by_id(map);
                if fd < 0 { return None } else { OwnedFd::from_raw_fd(fd) }
            };
            let info = map_info(fd.as_fd()).ok()?;
            let name: Vec<u8> = info.name.iter().map(|&byte| byte as u8).take_while(|&byte| byte != 0).collect();
            let layout = Layout::of(info.value_size as usize)?;
            (name == NAME && info.type_ == sys::BPF_MAP_TYPE_ARRAY).then_some(Self {
                fd,
                map,
                count: info.max_entries,
                layout,
            })
        })
    }

    /// Writes an entry. `Err` says what is wrong with the map.
    pub(super) fn add(&self, spec: &[u8]) -> Result<SpecId, String> {
        let Some(id) = take(self.map, self.count) else {
            return Err(format!(
                "the object has room for {} places of static probes; build it with a larger BPF_USDT_MAX_SPEC_CNT",
                self.count
            ));
        };
        // SAFETY: key and value live during the call and have the sizes of the map, which the layout was told by.
        let result = unsafe {
            sys::bpf_map_update_elem(self.fd.as_raw_fd(), (&raw const id.id).cast(), spec.as_ptr().cast(), 0)
        };
        if result < 0 { Err(format!("the map __bpf_usdt_specs cannot be written ({result})")) } else { Ok(id) }
    }
}

impl SpecId {
    /// What the program has to get as the kernel's cookie.
    pub(super) fn cookie(&self) -> u64 {
        u64::from(self.id)
    }
}

impl Drop for SpecId {
    fn drop(&mut self) {
        let mut used = used();
        if let Some(ids) = used.get_mut(&self.map) {
            ids.remove(&self.id);
            if ids.is_empty() {
                used.remove(&self.map);
            }
        }
    }
}

/// The entries in use of each map: several programs of an object share one.
fn used() -> MutexGuard<'static, HashMap<u32, BTreeSet<u32>>> {
    static USED: LazyLock<Mutex<HashMap<u32, BTreeSet<u32>>>> = LazyLock::new(Mutex::default);
    USED.lock().unwrap_or_else(PoisonError::into_inner)
}

fn take(map: u32, count: u32) -> Option<SpecId> {
    let mut used = used();
    let ids = used.entry(map).or_default();
    let id = (0..count).find(|id| !ids.contains(id))?;
    ids.insert(id);
    Some(SpecId { map, id })
}

/// The ids of the maps that a program uses.
fn maps(program: BorrowedFd<'_>) -> Option<Vec<u32>> {
    const MANY: usize = 64;
    let mut ids = vec![0u32; MANY];
    let mut info =
        sys::bpf_prog_info { nr_map_ids: MANY as u32, map_ids: ids.as_mut_ptr() as u64, ..Default::default() };
    let mut size = size_of_val(&info) as u32;
    // SAFETY: the buffer and its size belong together, and so do the list of ids and its length.
    let result = unsafe { sys::bpf_prog_get_info_by_fd(program.as_raw_fd(), &mut info, &mut size) };
    ids.truncate(info.nr_map_ids as usize);
    (result == 0).then_some(ids)
}
