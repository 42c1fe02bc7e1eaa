//! A traffic-control filter, for kernels before 6.6. Nothing removes it by itself when this process ends, so it is removed here.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use libbpf_sys as sys;

use super::super::spec::{Direction, Order};
use super::super::{Attached, Hold, namespace};
use super::filters::priorities;
use super::interfaces::NamedInterface;
use crate::prints;

/// An interface: device and inode of its namespace, and its index.
type Place = (u64, u64, u32);

/// The queueing disciplines that were made here for filters to hang on, and how many of them are from here. With the last of those the
/// discipline goes too, unless others have come to use it.
static OWN_DISCIPLINES: Mutex<BTreeMap<Place, u32>> = Mutex::new(BTreeMap::new());

/// An attached filter; dropping it removes it.
pub(crate) struct Filter {
    /// The namespace of the interface.
    ns: OwnedFd,
    place: Place,
    /// Its discipline is one of ours.
    is_on_own: bool,
    direction: Direction,
    handle: u32,
    priority: u32,
}

/// Attaches in the namespace that this thread is in, which `ns` is. The error is the errno.
pub(super) fn attach(
    program: BorrowedFd<'_>,
    interface: &NamedInterface,
    ns: &OwnedFd,
    direction: Direction,
    order: Order,
) -> Result<Attached, i32> {
    let filter = Filter::attach(program, interface.index, ns, direction, order)?;
    Ok(Attached {
        how: format!("clsact filter ({})", direction.as_str()),
        target: interface.name.clone(),
        hold: Hold::Filter { _filter: filter },
    })
}

impl Filter {
    fn attach(
        program: BorrowedFd<'_>,
        index: u32,
        ns: &OwnedFd,
        direction: Direction,
        order: Order,
    ) -> Result<Self, i32> {
        let errno = |error: std::io::Error| error.raw_os_error().unwrap_or(libc::EIO);
        let ns = ns.try_clone().map_err(errno)?;
        let space = File::from(ns.try_clone().map_err(errno)?).metadata().map_err(errno)?;
        let place = (space.dev(), space.ino(), index);
        // While this is held, nobody here takes a discipline away that another is about to use.
        let mut own = own_disciplines();
        let mut hook = hook(index, direction);
        // SAFETY: the hook lives during the call and tells its own size. Warnings about a discipline that exists are of no interest.
        match prints::collect(|| unsafe { sys::bpf_tc_hook_create(&mut hook) }).0 {
            0 => _ = own.insert(place, 0),
            error if error == -libc::EEXIST => {}
            error => return Err(-error),
        }
        let filters = own.get_mut(&place).map(|filters| *filters += 1);
        // From here on dropping cleans up.
        let mut filter = Self { ns, place, is_on_own: filters.is_some(), direction, handle: 0, priority: 0 };
        drop(own);
        let mut options = sys::bpf_tc_opts {
            sz: size_of::<sys::bpf_tc_opts>() as u64,
            prog_fd: program.as_raw_fd(),
            priority: priority(index, direction, order).map_err(errno)?,
            ..Default::default()
        };
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
        let mut own = own_disciplines();
        let hook = hook(self.place.2, self.direction);
        let options = sys::bpf_tc_opts {
            sz: size_of::<sys::bpf_tc_opts>() as u64,
            handle: self.handle,
            priority: self.priority,
            ..Default::default()
        };
        if self.handle != 0 {
            // SAFETY: hook and options live during the call and tell their own sizes. An interface that is gone took its filters with it.
            prints::collect(|| unsafe { sys::bpf_tc_detach(&hook, &options) });
        }
        if self.is_on_own {
            give_up_discipline(self.place, &mut own);
        }
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

fn own_disciplines() -> MutexGuard<'static, BTreeMap<Place, u32>> {
    OWN_DISCIPLINES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One filter less on a discipline of ours. With the last one it goes, if nobody else has filters on it; if so, it is theirs from now on.
fn give_up_discipline(place: Place, own: &mut BTreeMap<Place, u32>) {
    let Some(filters) = own.get_mut(&place) else { return };
    *filters -= 1;
    if *filters > 0 {
        return;
    }
    own.remove(&place);
    let is_unused = |direction| priorities(place.2, direction).is_ok_and(|found| found.is_empty());
    if is_unused(Direction::Ingress) && is_unused(Direction::Egress) {
        let mut hook = hook(place.2, Direction::Ingress);
        hook.attach_point = sys::BPF_TC_INGRESS | sys::BPF_TC_EGRESS;
        // SAFETY: the hook lives during the call and tells its own size.
        prints::collect(|| unsafe { sys::bpf_tc_hook_destroy(&mut hook) });
    }
}

/// Lower numbers see packets first. 0 leaves the number to the kernel, which takes the one before all others.
fn priority(index: u32, direction: Direction, order: Order) -> std::io::Result<u32> {
    match order {
        Order::Default | Order::Before => Ok(0),
        Order::After => {
            Ok(priorities(index, direction)?.into_iter().max().map_or(0, |last| u32::from(last.saturating_add(1))))
        }
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
    use std::net::UdpSocket;
    use std::os::fd::FromRawFd;
    use std::process::Command;
    use std::time::Duration;

    use super::*;

    const GOES_ON: i32 = -1;
    const PASSES: i32 = 0;
    const DROPS: i32 = 2;

    /// A classifier that gives every packet this verdict.
    fn classifier(verdict: i32) -> OwnedFd {
        let instruction = |code, imm| sys::bpf_insn { code, imm, ..Default::default() };
        let program = [instruction(0xb7, verdict), instruction(0x95, 0)];
        let kind = sys::BPF_PROG_TYPE_SCHED_CLS;
        // SAFETY: instructions and licence live during the call; the descriptor is ours.
        unsafe {
            let fd =
                sys::bpf_prog_load(kind, std::ptr::null(), c"GPL".as_ptr(), program.as_ptr(), 2, std::ptr::null_mut());
            assert!(fd >= 0, "errno {}", -fd);
            OwnedFd::from_raw_fd(fd)
        }
    }

    fn command(line: &str) -> String {
        let mut words = line.split(' ');
        let output = Command::new(words.next().unwrap()).args(words).output().unwrap();
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs `work` on a thread of its own in a network namespace that goes with it.
    fn in_new_network(work: impl FnOnce(&OwnedFd) + Send) {
        let work = || {
            // SAFETY: moves this thread only.
            assert_eq!(unsafe { libc::unshare(libc::CLONE_NEWNET) }, 0);
            command("ip link set lo up");
            work(&OwnedFd::from(File::open("/proc/thread-self/ns/net").unwrap()));
        };
        std::thread::scope(|scope| scope.spawn(work).join().unwrap());
    }

    fn has_discipline() -> bool {
        command("tc qdisc show dev lo").contains("clsact")
    }

    fn loopback() -> NamedInterface {
        NamedInterface { index: 1, name: "lo".to_owned() }
    }

    /// Does a datagram get through the loopback interface?
    fn gets_through() -> bool {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        socket.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        socket.send_to(b"hello", socket.local_addr().unwrap()).unwrap();
        socket.recv(&mut [0; 16]).is_ok()
    }

    #[test]
    fn a_filter_sees_packets_until_it_is_dropped_and_its_discipline_goes_too() {
        in_new_network(|ns| {
            let (goes_on, drops) = (classifier(GOES_ON), classifier(DROPS));
            for (direction, how) in
                [(Direction::Ingress, "clsact filter (ingress)"), (Direction::Egress, "clsact filter (egress)")]
            {
                let first = attach(goes_on.as_fd(), &loopback(), ns, direction, Order::Default).unwrap();
                assert_eq!((first.how.as_str(), first.target.as_str()), (how, "lo"));
                assert!(gets_through());
                // A second one shares the discipline; it goes with the one that is dropped last.
                let second = attach(drops.as_fd(), &loopback(), ns, direction, Order::Default).unwrap();
                assert!(!gets_through(), "{how}");
                drop(first);
                assert!(has_discipline() && !gets_through(), "{how}");
                drop(second);
                assert!(!has_discipline() && gets_through(), "{how}");
            }
        });
    }

    #[test]
    fn filters_keep_their_order() {
        in_new_network(|ns| {
            let (passes, drops) = (classifier(PASSES), classifier(DROPS));
            let on =
                |program: &OwnedFd, order| attach(program.as_fd(), &loopback(), ns, Direction::Ingress, order).unwrap();
            for (order, through) in [(Order::Before, false), (Order::After, true)] {
                let _first = on(&passes, Order::Default);
                let _second = on(&drops, order);
                assert_eq!(gets_through(), through, "{order:?}");
            }
        });
    }

    #[test]
    fn what_others_use_stays() {
        in_new_network(|ns| {
            let program = classifier(GOES_ON);
            let on = || attach(program.as_fd(), &loopback(), ns, Direction::Ingress, Order::Default).unwrap();
            let filter = on();
            let mut options = sys::bpf_tc_opts {
                sz: size_of::<sys::bpf_tc_opts>() as u64,
                prog_fd: program.as_raw_fd(),
                ..Default::default()
            };
            // SAFETY: hook and options live during the call and tell their own sizes.
            assert_eq!(unsafe { sys::bpf_tc_attach(&hook(1, Direction::Egress), &mut options) }, 0);
            drop(filter);
            assert!(!priorities(1, Direction::Egress).unwrap().is_empty(), "another's filter");
            command("tc qdisc del dev lo clsact");
            command("tc qdisc add dev lo clsact");
            drop(on());
            assert!(has_discipline(), "another's discipline");
        });
    }

    #[test]
    fn refusals_leave_nothing() {
        in_new_network(|ns| {
            let program = classifier(GOES_ON);
            let gone = NamedInterface { index: 4711, name: "gone".to_owned() };
            let refused = attach(program.as_fd(), &gone, ns, Direction::Ingress, Order::After);
            assert_eq!(refused.err(), Some(libc::ENODEV));
            let no_program = File::open("/dev/null").unwrap();
            let refused = attach(no_program.as_fd(), &loopback(), ns, Direction::Ingress, Order::Default);
            assert!(refused.is_err());
            assert!(!has_discipline());
        });
    }
}
