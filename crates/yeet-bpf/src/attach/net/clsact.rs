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

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::os::fd::FromRawFd;
    use std::process::Command;

    use super::*;

    /// A classifier that has no opinion.
    fn classifier() -> OwnedFd {
        let instruction = |code, imm| sys::bpf_insn { code, imm, ..Default::default() };
        let program = [instruction(0xb7, -1), instruction(0x95, 0)];
        let kind = sys::BPF_PROG_TYPE_SCHED_CLS;
        // SAFETY: instructions and licence live during the call; the descriptor is ours.
        unsafe {
            let fd =
                sys::bpf_prog_load(kind, std::ptr::null(), c"GPL".as_ptr(), program.as_ptr(), 2, std::ptr::null_mut());
            assert!(fd >= 0, "errno {}", -fd);
            OwnedFd::from_raw_fd(fd)
        }
    }

    fn tc(line: &str) -> String {
        let output = Command::new("tc").args(line.split(' ')).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn a_filter_and_its_discipline_go_when_it_is_dropped() {
        const LOOPBACK: u32 = 1;
        let work = || {
            // SAFETY: moves this thread only, into a namespace that goes with it.
            assert_eq!(unsafe { libc::unshare(libc::CLONE_NEWNET) }, 0);
            let ns = OwnedFd::from(File::open("/proc/thread-self/ns/net").unwrap());
            let program = classifier();
            for direction in [Direction::Ingress, Direction::Egress] {
                let way = if direction == Direction::Ingress { "ingress" } else { "egress" };
                let filter = Filter::attach(program.as_fd(), LOOPBACK, &ns, direction).unwrap();
                assert!(tc(&format!("filter show dev lo {way}")).contains("bpf"), "{way}");
                // A second one shares the discipline and leaves it.
                drop(Filter::attach(program.as_fd(), LOOPBACK, &ns, direction).unwrap());
                assert!(tc("qdisc show dev lo").contains("clsact"));
                drop(filter);
                assert!(!tc("qdisc show dev lo").contains("clsact"));
            }
            assert_eq!(Filter::attach(program.as_fd(), 4711, &ns, Direction::Ingress).err(), Some(libc::ENODEV));
        };
        std::thread::scope(|scope| scope.spawn(work).join().unwrap());
    }
}
