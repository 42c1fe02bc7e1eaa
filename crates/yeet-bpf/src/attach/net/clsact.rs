//! A traffic-control filter, for kernels before 6.6. Nothing removes it by itself when this process ends, so it is removed here.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use libbpf_sys as sys;

use super::super::namespace;
use super::super::spec::Direction;
use crate::prints;

/// An attached filter; dropping it removes it, and its queueing discipline where it was made for it.
pub(crate) struct Filter {
    /// The namespace of the interface.
    ns: OwnedFd,
    index: u32,
    direction: Direction,
    handle: u32,
    priority: u32,
    /// The discipline was not there before.
    owns_discipline: bool,
}

impl Filter {
    /// Attaches in the namespace that this thread is in, which `ns` is. The error is the errno.
    pub(super) fn attach(program: BorrowedFd<'_>, index: u32, ns: &OwnedFd, direction: Direction) -> Result<Self, i32> {
        let ns = ns.try_clone().map_err(|error| error.raw_os_error().unwrap_or(libc::EMFILE))?;
        let mut hook = hook(index, direction);
        // SAFETY: the hook lives during the call and tells its own size. Warnings about a discipline that exists are of no interest.
        let made = prints::collect(|| unsafe { sys::bpf_tc_hook_create(&mut hook) }).0;
        let owns_discipline = match made {
            0 => true,
            error if error == -libc::EEXIST => false,
            error => return Err(-error),
        };
        let mut options = sys::bpf_tc_opts {
            sz: size_of::<sys::bpf_tc_opts>() as u64,
            prog_fd: program.as_raw_fd(),
            ..Default::default()
        };
        // From here on dropping cleans up, the discipline too if the filter is refused.
        let mut filter = Self { ns, index, direction, handle: 0, priority: 0, owns_discipline };
        // SAFETY: hook and options live during the call and tell their own sizes.
        match prints::collect(|| unsafe { sys::bpf_tc_attach(&hook, &mut options) }).0 {
            0 => {
                (filter.handle, filter.priority) = (options.handle, options.priority);
                Ok(filter)
            }
            error => Err(-error),
        }
    }

    /// Removes the filter, in the namespace that this thread is in.
    fn detach(&self) {
        let mut hook = hook(self.index, self.direction);
        let options = sys::bpf_tc_opts {
            sz: size_of::<sys::bpf_tc_opts>() as u64,
            handle: self.handle,
            priority: self.priority,
            ..Default::default()
        };
        // SAFETY: hook and options live during the calls and tell their own sizes. An interface that is gone took its filters with it.
        let ((), _) = prints::collect(|| unsafe {
            if self.handle != 0 {
                sys::bpf_tc_detach(&hook, &options);
            }
            if self.owns_discipline {
                hook.attach_point = sys::BPF_TC_INGRESS | sys::BPF_TC_EGRESS;
                sys::bpf_tc_hook_destroy(&mut hook);
            }
        });
    }
}

impl Drop for Filter {
    fn drop(&mut self) {
        // If the namespace cannot be entered any more there is nobody to tell.
        let _ = namespace::inside(self.ns.as_fd(), "removing a filter", || {
            self.detach();
            Ok(())
        });
    }
}

fn hook(index: u32, direction: Direction) -> sys::bpf_tc_hook {
    let attach_point = match direction {
        Direction::Ingress => sys::BPF_TC_INGRESS,
        Direction::Egress => sys::BPF_TC_EGRESS,
    };
    sys::bpf_tc_hook {
        sz: size_of::<sys::bpf_tc_hook>() as u64,
        ifindex: index as i32,
        attach_point,
        ..Default::default()
    }
}
