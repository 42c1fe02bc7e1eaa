//! Network hooks: on the right interface of the right namespace, and on no other.

use std::fs::File;
use std::net::UdpSocket;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use yeet_bpf::Kind;
use yeet_bpf::attach::{
    AttachSpec, CgroupSpec, Direction, Family, Interface, Namespace, NetfilterHook, NetfilterSpec, NetnsSpec, Order,
    TcxSpec, XdpSpec,
};
use yeet_bpf::object::{Running, StartSpec};

use crate::counter;
use crate::support::{Pipe, descriptors, expect_error, open, serial};

const XDP: usize = 0;
const INGRESS: usize = 1;
const LAST: usize = 2;
const EGRESS: usize = 3;
const PLAIN: usize = 4;
const CGROUP: usize = 5;
const CONNECTS: usize = 6;
const LOOKUPS: usize = 7;
const FILTERED: usize = 8;

fn command(line: &str) {
    let mut words = line.split(' ');
    let output = Command::new(words.next().unwrap()).args(words).output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A network namespace with its loopback interface up and the end of a cable into a second one. Removed when dropped.
struct Net(String);

impl Net {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let net = Self(format!("yeet-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        command(&format!("ip netns add {}", net.0));
        net.ip("link set lo up");
        net.ip("link add cable0 type veth peer name cable1");
        net.ip("addr add 10.99.0.1/24 dev cable0");
        net.ip("link set cable0 up");
        net.ip("link set cable1 up");
        net
    }

    fn ip(&self, line: &str) {
        command(&format!("ip -n {} {line}", self.0));
    }

    fn path(&self) -> PathBuf {
        PathBuf::from("/run/netns").join(&self.0)
    }

    fn ns(&self) -> Namespace {
        Namespace::Path(self.path())
    }

    /// Runs `work` on a thread inside the namespace.
    fn inside<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let file = File::open(self.path()).unwrap();
        std::thread::scope(|scope| {
            let thread = scope.spawn(|| {
                // SAFETY: moves this thread only.
                assert_eq!(unsafe { libc::setns(file.as_raw_fd(), libc::CLONE_NEWNET) }, 0);
                work()
            });
            thread.join().unwrap()
        })
    }

    fn send_to_itself(&self) {
        self.inside(send_to_itself);
    }

    /// Where a program is attached, as it is reported.
    fn place(&self, interface: &str, how: &str) -> (String, String) {
        (format!("{interface} in {}", self.path().display()), how.to_owned())
    }
}

impl Drop for Net {
    fn drop(&mut self) {
        command(&format!("ip netns del {}", self.0));
    }
}

/// One packet over the loopback interface.
fn send_to_itself() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.send_to(b"hello", socket.local_addr().unwrap()).unwrap();
    let mut buffer = [0; 16];
    assert_eq!(socket.recv(&mut buffer).unwrap(), 5);
}

fn start(specs: Vec<(&str, AttachSpec)>) -> yeet_bpf::Result<Running> {
    let attach = specs.into_iter().map(|(name, spec)| (name.to_owned(), spec)).collect();
    open("net.bpf.o").start(StartSpec { attach, ..StartSpec::default() })
}

fn named(name: &str) -> Option<Vec<Interface>> {
    Some(vec![Interface::Name(name.to_owned())])
}

fn xdp(ns: Namespace, interfaces: Option<Vec<Interface>>) -> AttachSpec {
    AttachSpec::Xdp(XdpSpec { ns, interfaces })
}

fn tcx(ns: Namespace, interfaces: Option<Vec<Interface>>) -> AttachSpec {
    AttachSpec::Tcx(TcxSpec { ns, interfaces, ..TcxSpec::default() })
}

fn attached(running: &Running, program: &str) -> Vec<(String, String)> {
    let state = running.programs().into_iter().find(|state| state.name == program).unwrap();
    state.attached.iter().map(|attached| (attached.target.clone(), attached.how.clone())).collect()
}

#[test]
fn xdp_counts_in_its_namespace_only() {
    let _serial = serial();
    let (net, other) = (Net::new(), Net::new());
    let before = descriptors();
    let mut running = start(vec![("on_xdp", xdp(net.ns(), named("lo")))]).unwrap();
    assert_eq!(attached(&running, "on_xdp"), [net.place("lo", "xdp (generic)")]);
    other.send_to_itself();
    send_to_itself();
    assert_eq!(counter(&running, XDP), 0);
    net.send_to_itself();
    assert_eq!(counter(&running, XDP), 1);
    let bss = running.map_fd(".bss").unwrap();
    running.stop().unwrap();
    net.send_to_itself();
    assert_eq!(crate::support::section_bytes(&bss, 36)[0], 1);
    drop(bss);
    assert_eq!(descriptors(), before);
}

#[test]
fn xdp_takes_all_interfaces_and_reports_the_mode() {
    let _serial = serial();
    let net = Net::new();
    let running = start(vec![("on_xdp", xdp(net.ns(), None))]).unwrap();
    let mut found = attached(&running, "on_xdp");
    found.sort();
    let native = |name: &str| net.place(name, "xdp (native)");
    assert_eq!(found, [native("cable0"), native("cable1"), net.place("lo", "xdp (generic)")]);
    assert!(running.warnings().is_empty(), "{:?}", running.warnings());
}

#[test]
fn an_interface_that_refuses_is_skipped_unless_it_was_named() {
    let _serial = serial();
    let net = Net::new();
    let _first = start(vec![("on_xdp", xdp(net.ns(), named("lo")))]).unwrap();
    let second = start(vec![("on_xdp", xdp(net.ns(), None))]).unwrap();
    assert_eq!(attached(&second, "on_xdp").len(), 2);
    assert_eq!(second.warnings().len(), 1, "{:?}", second.warnings());
    assert!(
        second.warnings()[0].contains("lo") && second.warnings()[0].contains("another XDP program"),
        "{:?}",
        second.warnings()
    );
    let error = expect_error(
        start(vec![(
            "on_xdp",
            xdp(net.ns(), Some(vec![Interface::Name("cable0".to_owned()), Interface::Name("lo".to_owned())])),
        )]),
        Kind::AttachFailed,
        &["failed to attach", "'on_xdp'", "SEC(\"xdp\")", "another XDP program", "EBUSY"],
    );
    assert_eq!(error.facts().errno, Some(libc::EBUSY));
    drop(second);
    let all = xdp(net.ns(), None);
    let _rest = start(vec![("on_xdp", all.clone())]).unwrap();
    expect_error(start(vec![("on_xdp", all)]), Kind::AttachFailed, &["failed to attach", "another XDP program"]);
}

#[test]
fn a_program_that_is_there_already_is_not_called_another() {
    let _serial = serial();
    let net = Net::new();
    let twice = AttachSpec::Several(vec![xdp(net.ns(), named("lo")), xdp(net.ns(), named("lo"))]);
    expect_error(
        start(vec![("on_xdp", twice)]),
        Kind::AttachFailed,
        &["to interface lo (1)", "the same program is attached there already", "EBUSY"],
    );
}

#[test]
fn packets_too_large_for_xdp_are_named() {
    let _serial = serial();
    let net = Net::new();
    net.ip("link set cable0 mtu 9000");
    net.ip("link set cable1 mtu 9000");
    expect_error(
        start(vec![("on_xdp", xdp(net.ns(), named("cable0")))]),
        Kind::AttachFailed,
        &["to interface cable0", "MTU", "SEC(\"xdp.frags\")", "ip link set dev cable0 mtu 1500", "ERANGE"],
    );
}

#[test]
fn tcx_has_both_directions() {
    let _serial = serial();
    let net = Net::new();
    let specs = vec![
        ("on_ingress", tcx(net.ns(), named("lo"))),
        ("on_egress", tcx(net.ns(), named("lo"))),
        ("on_plain", tcx(net.ns(), named("lo"))),
    ];
    let running = start(specs).unwrap();
    send_to_itself();
    assert_eq!([INGRESS, EGRESS, PLAIN].map(|at| counter(&running, at)), [0; 3]);
    net.send_to_itself();
    assert_eq!([INGRESS, EGRESS, PLAIN].map(|at| counter(&running, at)), [1; 3], "a plain section is ingress");
    assert_eq!(attached(&running, "on_egress"), [net.place("lo", "tcx (egress)")]);
    drop(running);
    let turned =
        TcxSpec { ns: net.ns(), interfaces: named("lo"), direction: Some(Direction::Egress), ..TcxSpec::default() };
    let running = start(vec![("on_plain", AttachSpec::Tcx(turned))]).unwrap();
    assert_eq!(attached(&running, "on_plain"), [net.place("lo", "tcx (egress)")]);
}

#[test]
fn tcx_programs_keep_their_order() {
    let _serial = serial();
    let net = Net::new();
    let ordered =
        |order| AttachSpec::Tcx(TcxSpec { ns: net.ns(), interfaces: named("lo"), order, ..TcxSpec::default() });
    for (order, last) in [(Order::Before, 1), (Order::After, 2), (Order::Default, 2)] {
        let running = start(vec![("on_ingress", ordered(Order::Default)), ("on_ingress_too", ordered(order))]).unwrap();
        net.send_to_itself();
        assert_eq!(counter(&running, LAST), last, "{order:?}");
    }
}

#[test]
fn interfaces_are_named_by_index_or_name() {
    let _serial = serial();
    let net = Net::new();
    let by_index =
        start(vec![("on_xdp", xdp(net.ns(), Some(vec![Interface::Index(1), Interface::Name("lo".to_owned())])))])
            .unwrap();
    assert_eq!(attached(&by_index, "on_xdp").len(), 1, "the same one twice");
    net.ip("link property add dev cable0 altname uplink");
    let by_other_name = start(vec![("on_xdp", xdp(net.ns(), named("uplink")))]).unwrap();
    assert_eq!(attached(&by_other_name, "on_xdp"), [net.place("cable0", "xdp (native)")]);
    let unknown = |interface| start(vec![("on_xdp", xdp(net.ns(), Some(vec![interface])))]);
    expect_error(
        unknown(Interface::Index(4711)),
        Kind::NotFound,
        &["failed to attach", "with index 4711", "lo (1)", "cable0"],
    );
    net.ip("link property add dev cable0 altname fifteen-letters");
    for name in ["cable0:1", "fifteen-letters-and-more"] {
        expect_error(unknown(Interface::Name(name.to_owned())), Kind::NotFound, &[&format!("'{name}'"), "cable0"]);
    }
    expect_error(
        unknown(Interface::Name("cabel0".to_owned())),
        Kind::NotFound,
        &["'cabel0'", "did you mean 'cable0'?"],
    );
}

#[test]
fn a_namespace_is_named_by_process_or_path() {
    let _serial = serial();
    let net = Net::new();
    let mut sleeper = Command::new("ip").args(["netns", "exec", &net.0, "sleep", "60"]).spawn().unwrap();
    let pid = sleeper.id();
    let own = std::fs::read_link("/proc/self/ns/net").unwrap();
    super::wait_until("the child is in its namespace", || {
        std::fs::read_link(format!("/proc/{pid}/ns/net")).is_ok_and(|theirs| theirs != own)
    });
    let running = start(vec![("on_ingress", tcx(Namespace::Pid(pid), named("lo")))]).unwrap();
    net.send_to_itself();
    assert_eq!(counter(&running, INGRESS), 1);
    sleeper.kill().unwrap();
    sleeper.wait().unwrap();
    net.send_to_itself();
    assert_eq!(counter(&running, INGRESS), 2, "the process may go, the namespace stays");
    drop(running);

    let refuse = |ns, kind, fragments: &[&str]| expect_error(start(vec![("on_xdp", xdp(ns, None))]), kind, fragments);
    refuse(Namespace::Pid(u32::MAX / 2), Kind::NotFound, &["failed to attach", "there is no process"]);
    refuse(Namespace::Path("/run/netns/no-such".into()), Kind::NotFound, &["/run/netns/no-such"]);
    refuse(Namespace::Path("/proc/self/ns/mnt".into()), Kind::InvalidOpts, &["not a network namespace"]);
    refuse(Namespace::Path("/etc/hostname".into()), Kind::InvalidOpts, &["not a network namespace"]);
    let pipe = Pipe::new("net");
    refuse(Namespace::Path(pipe.0.clone()), Kind::InvalidOpts, &["/yeet-net-", "is not a network namespace"]);
}

/// Runs `work` on a thread that sees neither process 1 nor the threads of the kernel, as in a container.
fn in_hiding<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    use std::ptr::null;
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            // SAFETY: moves this thread only into a tree of mounts of its own; all strings live and end with a zero.
            unsafe {
                assert_eq!(libc::unshare(libc::CLONE_NEWNS), 0);
                let private = libc::MS_REC | libc::MS_PRIVATE;
                assert_eq!(libc::mount(null(), c"/".as_ptr(), null(), private, null()), 0);
                for process in [c"/proc/1", c"/proc/2"] {
                    assert_eq!(libc::mount(c"none".as_ptr(), process.as_ptr(), c"tmpfs".as_ptr(), 0, null()), 0);
                }
            }
            work()
        });
        thread.join().unwrap()
    })
}

#[test]
fn the_host_is_not_claimed_where_it_is_hidden() {
    let _serial = serial();
    let lookup = ("on_lookup", AttachSpec::Auto);
    let seen = start(vec![lookup.clone(), ("on_ingress", tcx(Namespace::Host, named("lo")))]).unwrap();
    assert_eq!(attached(&seen, "on_lookup")[0].0, "the host's network namespace");
    assert_eq!(attached(&seen, "on_ingress")[0].0, "lo");
    assert!(seen.warnings().is_empty(), "{:?}", seen.warnings());
    drop(seen);

    let filter = NetfilterSpec {
        ns: Namespace::Host,
        pf: Family::Inet4,
        hook: NetfilterHook::LocalIn,
        priority: i32::from(std::process::id() as u16),
    };
    let hidden = in_hiding(|| {
        start(vec![
            lookup,
            ("on_ingress", tcx(Namespace::Host, named("lo"))),
            ("on_filter", AttachSpec::Netfilter(filter)),
        ])
    })
    .unwrap();
    let own = "this process's network namespace";
    assert_eq!(attached(&hidden, "on_lookup")[0].0, own);
    assert_eq!(attached(&hidden, "on_ingress")[0].0, format!("lo in {own}"));
    assert!(attached(&hidden, "on_filter")[0].0.ends_with(&format!(" in {own}")));
    let [warning] = hidden.warnings() else { panic!("once for all programs: {:?}", hidden.warnings()) };
    assert!(warning.contains(&format!("'host' is taken for {own}")), "{warning}");
}

#[test]
fn an_interface_or_namespace_may_vanish_meanwhile() {
    let _serial = serial();
    let before = descriptors();
    let net = Net::new();
    let mut running = start(vec![("on_ingress", tcx(net.ns(), None)), ("on_xdp", xdp(net.ns(), None))]).unwrap();
    net.ip("link del cable0");
    // Cables carry packets of their own, so growth is what counts.
    let count = || [INGRESS, XDP].map(|at| counter(&running, at));
    let [ingress, xdp] = count();
    net.send_to_itself();
    let [ingress_after, xdp_after] = count();
    assert!(ingress_after > ingress && xdp_after > xdp, "the others keep running");
    drop(net);
    running.stop().unwrap();
    assert_eq!(descriptors(), before);
}

fn cgroup_root() -> PathBuf {
    let found = Command::new("findmnt").args(["-n", "-t", "cgroup2", "-o", "TARGET"]).output().unwrap().stdout;
    PathBuf::from(String::from_utf8(found).unwrap().lines().next().unwrap())
}

#[test]
fn cgroup_programs_count_in_their_group_only() {
    let _serial = serial();
    let group = cgroup_root().join(format!("yeet-{}", std::process::id()));
    std::fs::create_dir(&group).unwrap();
    let here = AttachSpec::Cgroup(CgroupSpec { path: Some(group.clone()) });
    let running = start(vec![("on_cgroup_packet", here.clone()), ("on_connect", here)]).unwrap();
    let everywhere = start(vec![("on_cgroup_packet", AttachSpec::Auto)]).unwrap();
    send_to_itself();
    assert_eq!(counter(&running, CGROUP), 0);
    assert!(counter(&everywhere, CGROUP) > 0, "the default is the root group");
    let script = format!("echo $$ > {}/cgroup.procs; exec 3<>/dev/udp/127.0.0.1/9; echo hello >&3", group.display());
    assert!(Command::new("bash").args(["-c", &script]).status().unwrap().success());
    assert_eq!((counter(&running, CGROUP), counter(&running, CONNECTS)), (1, 1));
    assert_eq!(attached(&running, "on_connect"), [(group.display().to_string(), "cgroup".to_owned())]);
    drop(running);
    std::fs::remove_dir(&group).unwrap();

    let refuse = |path: &str, kind, fragments: &[&str]| {
        let spec = AttachSpec::Cgroup(CgroupSpec { path: Some(path.into()) });
        expect_error(start(vec![("on_connect", spec)]), kind, fragments)
    };
    refuse(group.to_str().unwrap(), Kind::NotFound, &["failed to attach", "cannot open the cgroup"]);
    refuse("/tmp", Kind::InvalidOpts, &["/tmp is not a folder of a cgroup v2 hierarchy", "cgroup v2 is at"]);
    let file = format!("{}/cgroup.procs", group.parent().unwrap().display());
    refuse(&file, Kind::InvalidOpts, &["cgroup.procs is not a folder of a cgroup v2 hierarchy"]);
    let pipe = Pipe::new("cgroup");
    refuse(pipe.0.to_str().unwrap(), Kind::InvalidOpts, &["/yeet-cgroup-", "is not a folder of a cgroup v2 hierarchy"]);
}

#[test]
fn a_group_that_is_kept_by_one_program_says_so_below_it_too() {
    let _serial = serial();
    let group = cgroup_root().join(format!("yeet-kept-{}", std::process::id()));
    let below = group.join("below");
    std::fs::create_dir_all(&below).unwrap();
    let keeper = start(vec![("on_connect", AttachSpec::Load)]).unwrap();
    let id = keeper.programs().into_iter().find_map(|state| state.id).unwrap();
    let folder = File::open(&group).unwrap();
    // SAFETY: asks for a program by its number and attaches it the old way, which shares with nobody; both descriptors are open.
    unsafe {
        let program = OwnedFd::from_raw_fd(libbpf_sys::bpf_prog_get_fd_by_id(id));
        let hook = libbpf_sys::BPF_CGROUP_INET4_CONNECT;
        assert_eq!(libbpf_sys::bpf_prog_attach(program.as_raw_fd(), folder.as_raw_fd(), hook, 0), 0);
    }
    let refused = start(vec![("on_connect", AttachSpec::Cgroup(CgroupSpec { path: Some(below.clone()) }))]);
    std::fs::remove_dir(&below).unwrap();
    std::fs::remove_dir(&group).unwrap();
    expect_error(refused, Kind::AttachFailed, &["there or to a group above", "bpftool cgroup tree", "EPERM"]);
}

#[test]
fn sk_lookup_sees_one_namespace() {
    let _serial = serial();
    let net = Net::new();
    let running = start(vec![("on_lookup", AttachSpec::Netns(NetnsSpec { ns: net.ns() }))]).unwrap();
    send_to_itself();
    assert_eq!(counter(&running, LOOKUPS), 0);
    net.send_to_itself();
    assert!(counter(&running, LOOKUPS) > 0);
}

#[test]
fn a_dissector_of_another_namespace_keeps_the_host_from_one() {
    let _serial = serial();
    let net = Net::new();
    let dissect = |ns| start(vec![("on_dissect", AttachSpec::Netns(NetnsSpec { ns }))]);
    let _there = dissect(net.ns()).unwrap();
    expect_error(dissect(net.ns()), Kind::AttachFailed, &["the namespace has such a program already", "E2BIG"]);
    expect_error(
        dissect(Namespace::Host),
        Kind::AttachFailed,
        &["there already or in another namespace", "either one in the host's namespace", "EEXIST"],
    );
}

#[test]
fn a_spec_of_another_kind_is_refused_before_load() {
    let _serial = serial();
    let refuse =
        |program, spec, fragments: &[&str]| expect_error(start(vec![(program, spec)]), Kind::KindMismatch, fragments);
    refuse(
        "on_ingress",
        AttachSpec::Xdp(XdpSpec::default()),
        &["'on_ingress'", "kind \"xdp\"", "sched_cls", "takes kind \"tcx\""],
    );
    refuse("on_xdp", AttachSpec::Tcx(TcxSpec::default()), &["kind \"tcx\"", "takes kind \"xdp\""]);
    refuse("on_lookup", AttachSpec::Cgroup(CgroupSpec::default()), &["kind \"cgroup\"", "takes kind \"netns\""]);
}

#[test]
fn netfilter_sees_its_hook_in_its_namespace() {
    let _serial = serial();
    let net = Net::new();
    let spec =
        |hook, priority| AttachSpec::Netfilter(NetfilterSpec { ns: net.ns(), pf: Family::Inet4, hook, priority });
    let running = start(vec![("on_filter", spec(NetfilterHook::LocalIn, 10))]).unwrap();
    assert_eq!(attached(&running, "on_filter"), [net.place("inet4 local_in, priority 10", "netfilter")]);
    send_to_itself();
    assert_eq!(counter(&running, FILTERED), 0);
    net.send_to_itself();
    assert_eq!(counter(&running, FILTERED), 1);
    let again = start(vec![("on_filter", spec(NetfilterHook::LocalIn, 10))]);
    expect_error(again, Kind::AttachFailed, &["failed to attach", "inet4 local_in", "choose another"]);
    drop(running);
    let twice = vec![spec(NetfilterHook::LocalIn, 1), spec(NetfilterHook::LocalOut, 1)];
    let running = start(vec![("on_filter", AttachSpec::Several(twice))]).unwrap();
    net.send_to_itself();
    assert_eq!(counter(&running, FILTERED), 2, "on the way out and on the way in");
    let extreme = start(vec![("on_filter", spec(NetfilterHook::Forward, i32::MIN))]);
    expect_error(extreme, Kind::InvalidOpts, &["the kernel's own"]);
    expect_error(
        start(vec![("on_filter", AttachSpec::Auto)]),
        Kind::InvalidOpts,
        &[".attach(\"on_filter\", { kind: \"netfilter\", pf: \"inet4\""],
    );
}

#[test]
fn a_list_of_specs_attaches_one_program_to_each() {
    let _serial = serial();
    let (one, two) = (Net::new(), Net::new());
    let both = AttachSpec::Several(vec![tcx(one.ns(), named("lo")), tcx(two.ns(), named("lo"))]);
    let running = start(vec![("on_ingress", both)]).unwrap();
    one.send_to_itself();
    two.send_to_itself();
    assert_eq!(counter(&running, INGRESS), 2);
    drop(running);
    let refuse = |specs| start(vec![("on_ingress", AttachSpec::Several(specs))]);
    expect_error(refuse(Vec::new()), Kind::InvalidOpts, &["list of specs is empty"]);
    expect_error(refuse(vec![AttachSpec::Off]), Kind::InvalidOpts, &["has to have a kind"]);
    expect_error(refuse(vec![xdp(Namespace::Host, None)]), Kind::KindMismatch, &["takes kind \"tcx\""]);
}

#[test]
fn the_default_of_tcx_is_every_interface_of_the_host() {
    let _serial = serial();
    let running = start(vec![("on_ingress", AttachSpec::Auto)]).unwrap();
    let names: Vec<_> = attached(&running, "on_ingress").into_iter().map(|(name, _)| name).collect();
    assert!(names.contains(&"lo".to_owned()), "{names:?}");
    let before = counter(&running, INGRESS);
    send_to_itself();
    assert!(counter(&running, INGRESS) > before);
}

fn congestion_controls() -> String {
    std::fs::read_to_string("/proc/sys/net/ipv4/tcp_available_congestion_control").unwrap()
}

#[test]
fn a_table_of_functions_is_there_while_it_runs() {
    let _serial = serial();
    let before = descriptors();
    let mut running = open("struct_ops.bpf.o").start(StartSpec::default()).unwrap();
    assert!(congestion_controls().contains("yeet_lazy"));
    assert_eq!(attached(&running, "lazy_ssthresh"), [("lazy".to_owned(), "struct_ops".to_owned())]);
    let again = open("struct_ops.bpf.o").start(StartSpec::default());
    expect_error(again, Kind::AttachFailed, &["failed to attach", "'lazy'", "has a table of that name already"]);
    running.stop().unwrap();
    assert!(!congestion_controls().contains("yeet_lazy"));
    assert_eq!(descriptors(), before);
}
