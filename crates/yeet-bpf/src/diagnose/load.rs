//! Why an object could not be loaded, told from libbpf's warnings and the errno.

use std::borrow::Cow;
use std::path::Path;

use super::{Environment, Need, io_error, permission_denied, since};
use crate::attach::{kernel_function_not_found, tracing_refused};
use crate::error::{Error, Kind, errno_name};
use crate::object::{MapDecl, ProgramDecl};
use crate::prints::{Prints, shorten};
use crate::verifier::{self, Rejection};

/// What is known of a failed load.
pub(crate) struct LoadFailure<'a> {
    pub(crate) path: &'a Path,
    pub(crate) image: &'a [u8],
    /// The programs that were to be loaded.
    pub(crate) programs: &'a [&'a ProgramDecl],
    pub(crate) maps: &'a [MapDecl],
    /// Positive; libbpf's own numbers start at 4000.
    pub(crate) errno: i32,
    pub(crate) prints: &'a Prints,
    /// What the verifier wrote into the log buffer; empty where libbpf's own buffer served.
    pub(crate) log: &'a [u8],
}

pub(crate) fn explain(failure: &LoadFailure<'_>) -> Error {
    too_many_files(failure)
        .or_else(|| failed_question(failure))
        .or_else(|| missing_target(failure))
        .or_else(|| program(failure))
        .or_else(|| map(failure))
        .or_else(|| kernel_types(failure))
        .or_else(|| externs(failure))
        .unwrap_or_else(|| by_errno(failure))
        .with_errno(failure.errno)
        .with_path(failure.path)
}

impl LoadFailure<'_> {
    /// The program named in a message that starts with `prog 'NAME': ` and goes on with `text`.
    fn program_of(&self, text: &str) -> Option<(&ProgramDecl, &str)> {
        self.prints.after("prog '").find_map(|message| {
            let (name, rest) = message.split_once("': ")?;
            let rest = rest.strip_prefix(text)?;
            Some((*self.programs.iter().find(|program| program.name == name)?, rest))
        })
    }

    fn verifier_log(&self) -> Option<Cow<'_, str>> {
        if !self.log.is_empty() {
            return Some(Cow::Owned(shorten(self.log)));
        }
        let (_, log) = self.program_of("-- BEGIN PROG LOAD LOG --\n")?;
        Some(Cow::Borrowed(log.strip_suffix("-- END PROG LOAD LOG --").unwrap_or(log)))
    }

    fn cannot_load(&self) -> String {
        format!("cannot load {}", self.path.display())
    }
}

/// Whatever was being made, it is not its fault.
fn too_many_files(failure: &LoadFailure<'_>) -> Option<Error> {
    matches!(failure.errno, libc::EMFILE | libc::ENFILE).then(|| io_error(&failure.cannot_load(), failure.errno))
}

/// Before it loads anything libbpf asks what the kernel can do, and takes every refusal for a no. Global data is the one thing without which
/// nothing works, and that every kernel has.
fn failed_question(failure: &LoadFailure<'_>) -> Option<Error> {
    const QUESTION: &str = "Error in bpf_object__probe_global_data():";
    let unanswered =
        "the kernel refused to say whether it has global data, for want of memory or by a seccomp filter; try again";
    if let Some(message) = failure.prints.after(QUESTION).next() {
        let errno = message.split(['(', ')']).nth(1)?.parse::<i32>().ok()?.abs();
        let what = failure.cannot_load();
        return Some(match errno {
            libc::EPERM | libc::EACCES => permission_denied(&what, Need::Load),
            _ => io_error(&what, errno),
        });
    }
    // The map of a section was left out, and so the program names a descriptor of nothing.
    let is_left_out = failure.verifier_log().is_some_and(|log| log.contains("is not pointing to valid bpf_map"));
    is_left_out.then(|| Error::new(Kind::Io, format!("{}: {unanswered}", failure.cannot_load())))
}

fn missing_target(failure: &LoadFailure<'_>) -> Option<Error> {
    let (program, rest) = failure.program_of("failed to find kernel BTF type ID of '")?;
    let target = rest.split('\'').next().unwrap_or_default();
    Some(kernel_function_not_found(program, target))
}

fn program(failure: &LoadFailure<'_>) -> Option<Error> {
    let (program, _) = failure.program_of("BPF program load failed")?;
    if let Some(log) = failure.verifier_log() {
        return Some(verifier::explain(&Rejection { program, image: failure.image, errno: failure.errno, log: &log }));
    }
    let what = format!("cannot load program '{}' (SEC(\"{}\"))", program.name, program.section);
    let error = match failure.errno {
        libc::EPERM | libc::EACCES => match tracing_refused(program) {
            Some(reason) => Error::new(Kind::Unsupported, format!("{what}: {reason}")),
            None => permission_denied(&what, need(program)),
        },
        libc::E2BIG => {
            Error::new(Kind::VerifierRejected, format!("{what}: it has more instructions than the kernel accepts"))
        }
        _ if unsupported_type(program) => Error::new(
            Kind::Unsupported,
            format!(
                "{what}: this kernel does not know programs of type '{}'{}",
                program.prog_type,
                came_with(since::program_type(&program.prog_type))
            ),
        ),
        errno => Error::new(
            Kind::VerifierRejected,
            format!(
                "{what}: the kernel refused it without a reason ({}); {}",
                errno_name(errno),
                failure.prints.summary()
            ),
        ),
    };
    Some(error.with_program(&program.name))
}

fn need(program: &ProgramDecl) -> Need {
    match program.prog_type.as_str() {
        "kprobe"
        | "tracepoint"
        | "perf_event"
        | "raw_tracepoint"
        | "raw_tracepoint_writable"
        | "tracing"
        | "lsm"
        | "ext" => Need::Tracing,
        "socket_filter" | "syscall" => Need::Load,
        _ => Need::Network,
    }
}

fn unsupported_type(program: &ProgramDecl) -> bool {
    let Ok(name) = std::ffi::CString::new(program.prog_type.as_str()) else { return false };
    // SAFETY: the name functions take any number and return a static string or null; the probe takes any number and null options.
    unsafe {
        (1..64)
            .find(|&number| {
                let known = libbpf_sys::libbpf_bpf_prog_type_str(number);
                !known.is_null() && std::ffi::CStr::from_ptr(known) == name.as_c_str()
            })
            .is_some_and(|number| libbpf_sys::libbpf_probe_bpf_prog_type(number, std::ptr::null()) == 0)
    }
}

fn map(failure: &LoadFailure<'_>) -> Option<Error> {
    let (name, reason) =
        failure.prints.after("map '").find_map(|message| message.split_once("': failed to create: "))?;
    let decl = failure.maps.iter().find(|map| map.name == name || map.kernel_name == name);
    let pinning = failure.prints.after("map '").find_map(|message| message.split_once("': failed to auto-pin at '"));
    let what = match decl {
        Some(decl) => format!(
            "cannot create map '{}' ({}: {} entries, key {} bytes, value {} bytes)",
            decl.name,
            map_type_name(decl.map_type),
            decl.max_entries,
            decl.key_size,
            decl.value_size
        ),
        None => format!("cannot create map '{name}'"),
    };
    let error = match failure.errno {
        _ if pinning.is_some() => {
            let place = pinning.and_then(|(_, rest)| rest.split('\'').next()).unwrap_or_default();
            let fix = if Environment::read().bpffs {
                ""
            } else {
                "; /sys/fs/bpf is not mounted: mount -t bpf bpf /sys/fs/bpf"
            };
            Error::new(Kind::Io, format!("cannot pin map '{name}' at {place}: {}{fix}", errno_name(failure.errno)))
        }
        libc::EPERM | libc::EACCES => permission_denied(&what, Need::Load),
        libc::ENOMEM => Error::new(Kind::Io, format!("{what}: not enough memory; lower its max_entries")),
        _ if let Some(decl) = decl.filter(|decl| unsupported_map_type(decl)) => Error::new(
            Kind::Unsupported,
            format!("{what}: this kernel does not know maps of this type{}", came_with(since::map_type(decl.map_type))),
        ),
        libc::EINVAL
            if decl.is_some_and(|decl| is_local_storage(decl.map_type))
                && failure.prints.after("Error loading .BTF into kernel").next().is_some() =>
        {
            Error::new(Kind::InvalidObject, format!("{what}: {REFUSED_BTF}"))
        }
        libc::EINVAL if decl.is_some_and(|decl| decl.max_entries == 0 && !is_local_storage(decl.map_type)) => {
            Error::new(Kind::InvalidObject, format!("{what}: it has no max_entries; give it __uint(max_entries, N)"))
        }
        libc::E2BIG if decl.is_some_and(may_take_4_gib) && Environment::read().charges_memlock => Error::new(
            Kind::InvalidObject,
            format!(
                "{what}: it takes 4 GiB or more, which kernels before 5.11 do not give a map; lower its max_entries"
            ),
        ),
        libc::E2BIG | libc::EINVAL => Error::new(
            Kind::InvalidObject,
            format!("{what}: the kernel does not accept these sizes, flags or types ({reason})"),
        ),
        _ => Error::new(Kind::Io, format!("{what}: {}", failure.prints.summary())),
    };
    Some(error.with_map(decl.map_or(name, |decl| &decl.name)))
}

/// A newer kernel may lack a type too, if it is built so.
fn came_with(since: Option<&str>) -> String {
    match since {
        Some(since) => format!(", which came with Linux {since} and may be left out where the kernel is built"),
        None => ": it is old, or built without them".to_owned(),
    }
}

/// libbpf goes on without BTF, and only such maps cannot.
const REFUSED_BTF: &str = "this kernel refused the object's BTF, without which it makes no maps of this type";

/// The storages of sockets, inodes, tasks and control groups, which have no max_entries.
fn is_local_storage(map_type: u32) -> bool {
    use libbpf_sys as lib;
    matches!(
        map_type,
        lib::BPF_MAP_TYPE_SK_STORAGE
            | lib::BPF_MAP_TYPE_INODE_STORAGE
            | lib::BPF_MAP_TYPE_TASK_STORAGE
            | lib::BPF_MAP_TYPE_CGRP_STORAGE
    )
}

/// With what the kernel keeps beside each entry.
fn may_take_4_gib(decl: &MapDecl) -> bool {
    let entry = u64::from(decl.key_size) + u64::from(decl.value_size) + 64;
    u64::from(decl.max_entries) * entry >= 1 << 32
}

/// The kernel's name of a map type, for messages.
pub(crate) fn map_type_name(map_type: u32) -> String {
    // SAFETY: takes any number and returns a static string or null.
    unsafe {
        let name = libbpf_sys::libbpf_bpf_map_type_str(map_type);
        if name.is_null() {
            format!("type {map_type}")
        } else {
            std::ffi::CStr::from_ptr(name).to_string_lossy().into_owned()
        }
    }
}

fn unsupported_map_type(decl: &MapDecl) -> bool {
    // SAFETY: takes any number and null options.
    unsafe { libbpf_sys::libbpf_probe_bpf_map_type(decl.map_type, std::ptr::null()) == 0 }
}

fn kernel_types(failure: &LoadFailure<'_>) -> Option<Error> {
    let is_about_types = |message: &str| {
        message.starts_with("Error loading vmlinux BTF")
            || message.starts_with("vmlinux BTF is not found")
            || message.contains("failed to find valid kernel BTF")
    };
    failure.prints.iter().find(|message| is_about_types(message))?;
    let users: Vec<_> = failure
        .programs
        .iter()
        .filter(|program| matches!(program.prog_type.as_str(), "tracing" | "lsm" | "struct_ops"))
        .map(|program| format!("'{}'", program.name))
        .collect();
    let who = if users.is_empty() {
        "CO-RE accesses of its programs".to_owned()
    } else {
        format!("programs {}", users.join(", "))
    };
    Some(Error::new(
        Kind::Unsupported,
        format!(
            "{}: this kernel has no BTF (/sys/kernel/btf/vmlinux), which {who} need; use a kernel with CONFIG_DEBUG_INFO_BTF",
            failure.cannot_load()
        ),
    ))
}

fn externs(failure: &LoadFailure<'_>) -> Option<Error> {
    let message = failure.prints.after("extern ").last()?;
    let name = message.split('\'').nth(1).unwrap_or_default();
    let reason = match () {
        () if message.contains("(strong): not resolved") && name.starts_with("CONFIG_") => {
            format!("the kernel's configuration has no {name}; declare it __weak if the program can do without")
        }
        () if message.contains("not found in kernel") || message.contains("not resolved") => {
            format!("this kernel has no symbol '{name}'; declare it __weak if the program can do without")
        }
        () => message.to_owned(),
    };
    Some(Error::new(Kind::Unsupported, format!("{}: {reason}", failure.cannot_load())))
}

fn by_errno(failure: &LoadFailure<'_>) -> Error {
    let what = failure.cannot_load();
    match failure.errno {
        libc::EPERM | libc::EACCES => permission_denied(&what, Need::Load),
        libc::ENOMEM => io_error(&what, libc::ENOMEM),
        libc::ENOSYS => {
            Error::new(Kind::Unsupported, format!("{what}: this kernel is built without BPF (CONFIG_BPF_SYSCALL)"))
        }
        errno if errno < 4000 => {
            Error::new(Kind::InvalidObject, format!("{what}: {} ({})", failure.prints.summary(), errno_name(errno)))
        }
        _ => Error::new(Kind::InvalidObject, format!("{what}: {}", failure.prints.summary())),
    }
}
