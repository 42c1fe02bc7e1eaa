//! With a pid, names and paths mean what they mean to that process, and nothing in its files leads out of them.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::*;
use crate::shop::{Talker, built};

/// A customer with a root folder and a mount namespace of its own, as in a container.
struct Container {
    folder: PathBuf,
    customer: Option<Talker>,
}

impl Container {
    fn new() -> Self {
        let folder = built(&format!("container-{}", std::process::id()));
        let root = folder.join("root");
        for (from, to) in [
            (built("customer"), "customer"),
            (built("libshop.so"), "usr/lib/libshop.so.2"),
            (PathBuf::from("/lib64/ld-linux-x86-64.so.2"), "lib64/ld-linux-x86-64.so.2"),
            (PathBuf::from("/lib/x86_64-linux-gnu/libc.so.6"), "lib/x86_64-linux-gnu/libc.so.6"),
        ] {
            let to = root.join(to);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from, to).unwrap();
        }
        for name in ["etc", "inner", "links", "proc", "usr/bin"] {
            fs::create_dir_all(root.join(name)).unwrap();
        }
        let made = |program: &str, args: &[&str]| {
            let status = Command::new(program).args(args).arg(&root).status();
            assert!(status.unwrap().success(), "{program}");
        };
        made("/sbin/ldconfig", &["-r"]);
        fs::copy(library(), folder.join("outside.so")).unwrap();
        let script = "mount -t tmpfs none inner && cp usr/lib/libshop.so.2 inner && mount -t proc none proc \
            && exec chroot . /customer /usr/lib/libshop.so.2";
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private", "sh", "-c", script]).current_dir(&root);
        let customer = Some(Talker::start(&mut command));
        Self { folder, customer }
    }

    fn root(&self) -> PathBuf {
        self.folder.join("root")
    }

    /// A library that lies outside of the root, as this process sees it.
    fn outside(&self) -> String {
        self.folder.join("outside.so").to_str().unwrap().to_owned()
    }

    fn customer(&mut self) -> &mut Talker {
        self.customer.as_mut().unwrap()
    }

    fn pid(&mut self) -> u32 {
        self.customer().pid()
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        self.customer = None;
        fs::remove_dir_all(&self.folder).unwrap();
    }
}

#[test]
fn a_pid_sees_the_binaries_of_its_root() {
    let _serial = serial();
    let mut container = Container::new();
    let pid = container.pid();
    let door = format!("/proc/{pid}/root/usr/lib/libshop.so.2");
    for (binary, with_pid) in [
        ("libshop.so.2", true),
        ("libshop.so", true),
        ("/usr/lib/libshop.so.2", true),
        (door.as_str(), true),
        (door.as_str(), false),
    ] {
        let target = UprobeSpec { pid: with_pid.then_some(pid), ..of(binary, "shop_open") };
        let running = start(vec![("on_entry", vec![target])]).unwrap_or_else(|error| panic!("{binary}: {error}"));
        shop(&library(), &["shop_open=1"]);
        assert_eq!(counter(&running, ENTRIES), 0, "{binary}: another file of the same content");
        container.customer().ask("shop_open=1");
        assert_eq!(counter(&running, ENTRIES), 1, "{binary}");
        let state = running.programs().into_iter().find(|state| state.name == "on_entry").unwrap();
        assert!(state.attached[0].target.starts_with(&format!("/proc/{pid}/root/usr/lib/libshop.so")), "{state:?}");
    }
    // A program of that root, and what is mounted nowhere else.
    for binary in ["/inner/libshop.so.2", "/customer"] {
        let target = UprobeSpec { pid: Some(pid), symbol: None, offset: 0x1100, ..of(binary, "") };
        start(vec![("on_entry", vec![target])]).unwrap_or_else(|error| panic!("{binary}: {error}"));
    }
    refuse(of("/inner/libshop.so.2", "shop_open"), Kind::NotFound, &["cannot open the binary /inner/libshop.so.2"]);
    let missing = UprobeSpec { pid: Some(pid), ..of("libshop.so.9", "shop_open") };
    let looked_in = format!("looked in /proc/{pid}/root/etc/ld.so.cache");
    refuse(missing, Kind::NotFound, &["no binary 'libshop.so.9'", &looked_in, "did you mean libshop.so.2"]);
}

#[test]
fn no_link_leads_out_of_a_process_s_root() {
    let _serial = serial();
    let mut container = Container::new();
    let (pid, root, outside) = (container.pid(), container.root(), container.outside());
    let up = "../../../../../../../../../../../../..";
    let folder = Path::new(&outside).parent().unwrap().to_str().unwrap().to_owned();
    for (link, to) in [
        ("absolute", "/usr/lib/libshop.so.2"),
        ("relative", "../usr/lib/libshop.so.2"),
        ("clamped", &format!("{up}/usr/lib/libshop.so.2")),
        ("chain", "absolute"),
        ("folder", "/usr/lib"),
        ("up", ".."),
        ("mounted", "/inner"),
        ("out", &outside),
        ("out_relative", &format!("{up}{outside}")),
        ("out_one_up", "../../outside.so"),
        ("out_folder", &folder),
        ("out_folder_relative", &format!("{up}{folder}")),
        ("out_folder_one_up", "../.."),
        ("out_chain", "out"),
        ("own_root", &format!("/proc/self/root{outside}")),
        ("own_root_folder", "/proc/self/root"),
        ("first_root", &format!("/proc/1/root{outside}")),
        ("its_root", &format!("/proc/{pid}/root/usr/lib/libshop.so.2")),
        ("own_program", "/proc/self/exe"),
        ("own_folder", "/proc/self/cwd"),
        ("own_file", "/proc/self/fd/0"),
        ("own_thread", &format!("/proc/thread-self/root{outside}")),
        ("itself", "itself"),
        ("there", "back"),
        ("back", "there"),
        ("nowhere", "/usr/lib/libnothing.so"),
    ] {
        symlink(to, root.join("links").join(link)).unwrap();
    }
    for at in 0..50 {
        let to = if at == 0 { "absolute".to_owned() } else { format!("long{}", at - 1) };
        symlink(to, root.join(format!("links/long{at}"))).unwrap();
    }
    symlink(&outside, root.join("usr/bin/tool")).unwrap();
    assert!(Command::new("mkfifo").arg(root.join("pipe")).status().unwrap().success());

    let inside = [
        "/usr/lib/libshop.so.2".to_owned(),
        "/usr/lib/../lib/libshop.so.2".to_owned(),
        format!("/{up}/usr/lib/libshop.so.2"),
        "//usr//lib/./libshop.so.2".to_owned(),
        "/links/absolute".to_owned(),
        "/links/relative".to_owned(),
        "/links/clamped".to_owned(),
        "/links/chain".to_owned(),
        "/links/long20".to_owned(),
        "/links/folder/libshop.so.2".to_owned(),
        "/links/folder/../lib/libshop.so.2".to_owned(),
        "/links/up/links/up/usr/lib/libshop.so.2".to_owned(),
        format!("/proc/{pid}/root/links/absolute"),
        format!("/proc/{pid}/root/{up}/links/clamped"),
    ];
    for path in &inside {
        let target = UprobeSpec { pid: Some(pid), ..of(path, "shop_open") };
        let running = start(vec![("on_entry", vec![target])]).unwrap_or_else(|error| panic!("{path}: {error}"));
        container.customer().ask("shop_open=1");
        assert_eq!(counter(&running, ENTRIES), 1, "{path}");
    }
    let mounted = UprobeSpec { pid: Some(pid), ..of("/links/mounted/libshop.so.2", "shop_open") };
    start(vec![("on_entry", vec![mounted])]).unwrap();

    let out = [
        outside.clone(),
        format!("/{up}{outside}"),
        format!("/links{outside}"),
        "/links/out".to_owned(),
        "/links/out_relative".to_owned(),
        "/links/out_one_up".to_owned(),
        "/links/out_folder/outside.so".to_owned(),
        "/links/out_folder_relative/outside.so".to_owned(),
        "/links/out_folder_one_up/outside.so".to_owned(),
        "/links/out_chain".to_owned(),
        "/links/own_root".to_owned(),
        format!("/links/own_root_folder{outside}"),
        "/links/first_root".to_owned(),
        "/links/its_root".to_owned(),
        "/links/own_program".to_owned(),
        "/links/own_folder/outside.so".to_owned(),
        "/links/own_file".to_owned(),
        "/links/own_thread".to_owned(),
        "/links/itself".to_owned(),
        "/links/there".to_owned(),
        "/links/nowhere".to_owned(),
        "/links/long49".to_owned(),
        "/usr/lib".to_owned(),
        "/usr/lib/libshop.so.2/".to_owned(),
        "/pipe".to_owned(),
        "/etc/passwd".to_owned(),
        "tool".to_owned(),
        format!("/proc/{pid}/root/links/out"),
        format!("/proc/{pid}/root/{up}{outside}"),
        format!("/proc/{pid}/root"),
    ];
    for path in &out {
        let target = UprobeSpec { pid: Some(pid), ..of(path, "shop_open") };
        let error = start(vec![("on_entry", vec![target])]).expect_err(path);
        assert!(matches!(error.kind(), Kind::NotFound | Kind::InvalidOpts | Kind::PermissionDenied), "{path}: {error}");
        assert!(error.message().contains(path.as_str()), "{path}: {error}");
    }
}
