//! Perf events: a program that runs at each sample of a counter.

mod event;
mod tasks;

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::path::PathBuf;
use std::ptr::NonNull;

use libbpf_rs::{AsRawLibbpf, Link, Program};
use libbpf_sys as sys;

use super::explain::refused;
use super::spec::{Namespace, PerfEvent, PerfSpec, PerfTarget, Sample};
use super::{Attached, Hold, Outcome, cgroup, failed_to_attach};
use crate::diagnose::{Need, permission_denied};
use crate::error::{Error, Kind, Result, errno_name};
use crate::map::online_cpus;
use crate::object::ProgramDecl;
use crate::prints;

/// Checks what can be checked without the kernel.
pub(super) fn check(spec: &PerfSpec) -> Result<(), String> {
    event::number(&spec.event)?;
    match spec.sample {
        Sample::Freq(0) => Err("sample.freq is 0, but must be at least 1".to_owned()),
        Sample::Period(0) => Err("sample.period is 0, but must be at least 1".to_owned()),
        _ => Ok(()),
    }
}

/// Whom one event watches.
#[derive(Debug)]
enum Watched {
    /// Every task, on one CPU.
    Everybody,
    /// A task and what it forks or clones later.
    Task(i32),
    /// The tasks of a control group.
    Group(OwnedFd, PathBuf),
}

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>, spec: &PerfSpec) -> Result<Outcome> {
    let what = failed_to_attach(decl);
    let cpus = cpus(&what, spec.cpus.as_deref())?;
    let everybody = PerfTarget::Pids { ns: Namespace::Host, pids: None };
    let has_tasks = matches!(spec.target, PerfTarget::Pids { .. }) && spec.target != everybody;
    let _awake = has_tasks.then(wake_kernel);
    let watched = watched(&what, &spec.target)?;
    let mut outcome = Outcome::default();
    let mut opener = Opener { what: &what, spec, program, outcome: &mut outcome };
    for one in &watched {
        match one {
            // An event of a task follows it from CPU to CPU, unless it shall count on some of them only.
            Watched::Task(_) if spec.cpus.is_none() => opener.open(one, None)?,
            _ => cpus.iter().try_for_each(|&cpu| opener.open(one, Some(cpu)))?,
        }
    }
    if outcome.attached.is_empty() {
        return Err(
            Error::new(Kind::NotFound, format!("{what}: the processes to watch are gone")).with_errno(libc::ESRCH)
        );
    }
    Ok(outcome)
}

/// An event on this thread, to hold while others are opened. For the first event on any task the kernel patches itself and waits for all CPUs,
/// which takes long enough for a process to start threads after its threads were looked up and before their events inherit.
fn wake_kernel() -> Option<OwnedFd> {
    let mut attributes = sys::perf_event_attr {
        size: size_of::<sys::perf_event_attr>() as u32,
        type_: sys::PERF_TYPE_SOFTWARE,
        config: sys::PERF_COUNT_SW_DUMMY.into(),
        ..Default::default()
    };
    attributes.set_disabled(1);
    const THIS_THREAD: i32 = 0;
    // Where it is refused, so is the event that matters, and that is reported.
    open_event(&attributes, THIS_THREAD, None, sys::PERF_FLAG_FD_CLOEXEC).ok()
}

/// The error is the errno.
fn open_event(attributes: &sys::perf_event_attr, pid: i32, cpu: Option<u32>, flags: u32) -> Result<OwnedFd, i32> {
    let cpu = cpu.map_or(-1, |cpu| cpu as i32);
    const NO_GROUP: i32 = -1;
    // SAFETY: the attributes live during the call and tell their own size; the descriptor that comes back is ours.
    unsafe {
        match libc::syscall(libc::SYS_perf_event_open, attributes, pid, cpu, NO_GROUP, flags) {
            fd @ 0.. => Ok(OwnedFd::from_raw_fd(fd as i32)),
            _ => Err(io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO)),
        }
    }
}

fn cpus(what: &str, wanted: Option<&[u32]>) -> Result<Vec<u32>> {
    let online = online_cpus().map_err(|error| {
        let errno = error.facts().errno.unwrap_or(libc::EIO);
        Error::new(Kind::AttachFailed, format!("{what}: {}", error.message())).with_errno(errno)
    })?;
    let Some(wanted) = wanted else { return Ok(online) };
    if let Some(cpu) = wanted.iter().find(|cpu| !online.contains(cpu)) {
        let online: Vec<_> = online.iter().map(u32::to_string).collect();
        let message = format!("{what}: cpu lists {cpu}, which is not online; online are {}", online.join(", "));
        return Err(Error::new(Kind::InvalidOpts, message));
    }
    if wanted.is_empty() {
        return Err(Error::new(Kind::InvalidOpts, format!("{what}: cpu is an empty list; leave it out for every CPU")));
    }
    let mut cpus = wanted.to_vec();
    cpus.sort_unstable();
    cpus.dedup();
    Ok(cpus)
}

fn watched(what: &str, target: &PerfTarget) -> Result<Vec<Watched>> {
    match target {
        PerfTarget::Cgroup(path) => Ok(vec![Watched::Group(cgroup::open(path, what)?.into(), path.clone())]),
        PerfTarget::Pids { ns, pids } => match tasks::find(what, ns, pids.as_deref())? {
            None => Ok(vec![Watched::Everybody]),
            Some(tasks) => Ok(tasks.into_iter().map(Watched::Task).collect()),
        },
    }
}

struct Opener<'a> {
    what: &'a str,
    spec: &'a PerfSpec,
    program: &'a Program<'a>,
    outcome: &'a mut Outcome,
}

impl Opener<'_> {
    fn open(&mut self, watched: &Watched, cpu: Option<u32>) -> Result<()> {
        let event = match self.event(watched, cpu) {
            Ok(event) => event,
            // A task may end between being found and being watched.
            Err(libc::ESRCH) if matches!(watched, Watched::Task(_)) => return Ok(()),
            Err(libc::ENOENT)
                if matches!((watched, &self.spec.event), (Watched::Group(..), PerfEvent::Software(_))) =>
            {
                return Err(self.unknown_group());
            }
            Err(errno) => return Err(self.refusal(errno).with_errno(errno)),
        };
        let link = self.link(event).map_err(|errno| match errno {
            libc::EOPNOTSUPP if self.spec.cookie.is_some() => self.no_cookies().with_errno(errno),
            _ => self.refusal(errno).with_errno(errno),
        })?;
        let place = match (watched, cpu) {
            (Watched::Everybody, Some(cpu)) => format!("cpu {cpu}"),
            (Watched::Everybody, None) => "every task".to_owned(),
            (Watched::Task(task), None) => format!("task {task}"),
            (Watched::Task(task), Some(cpu)) => format!("task {task} on cpu {cpu}"),
            (Watched::Group(_, path), Some(cpu)) => format!("cgroup {} on cpu {cpu}", path.display()),
            (Watched::Group(_, path), None) => format!("cgroup {}", path.display()),
        };
        self.outcome.attached.push(Attached {
            how: "perf_event".to_owned(),
            target: format!("{} of {place}", event::label(&self.spec.event)),
            hold: Hold::Link { link },
        });
        Ok(())
    }

    fn event(&self, watched: &Watched, cpu: Option<u32>) -> Result<OwnedFd, i32> {
        let (pid, mut flags) = match watched {
            Watched::Everybody => (-1, 0),
            Watched::Task(task) => (*task, 0),
            Watched::Group(group, _) => (group.as_raw_fd(), sys::PERF_FLAG_PID_CGROUP),
        };
        flags |= sys::PERF_FLAG_FD_CLOEXEC;
        let mut attributes = event::attributes(self.spec);
        attributes.set_inherit(matches!(watched, Watched::Task(_)).into());
        open_event(&attributes, pid, cpu, flags)
    }

    /// Puts the program on the event and lets it count.
    fn link(&self, event: OwnedFd) -> Result<Link, i32> {
        let raw = event.as_raw_fd();
        let options = sys::bpf_perf_event_opts {
            sz: size_of::<sys::bpf_perf_event_opts>() as u64,
            bpf_cookie: self.spec.cookie.unwrap_or_default(),
            ..Default::default()
        };
        let (made, _) = prints::collect(|| {
            let program = self.program.as_libbpf_object().as_ptr();
            // SAFETY: the program belongs to a loaded object, the descriptor is open, and the options tell their own size.
            let link = unsafe { sys::bpf_program__attach_perf_event_opts(program, raw, &options) };
            NonNull::new(link).ok_or_else(io::Error::last_os_error)
        });
        let link = made.map_err(|error| error.raw_os_error().unwrap_or(libc::EIO))?;
        // The link closes the event from now on.
        let _ = event.into_raw_fd();
        // SAFETY: libbpf just made this link and gave it to us.
        Ok(unsafe { Link::from_ptr(link) })
    }

    fn no_cookies(&self) -> Error {
        let message = format!("{}: this kernel has no attach cookies (Linux 5.15); leave cookie out", self.what);
        Error::new(Kind::Unsupported, message)
    }

    /// The perf controller needs no switch, but the kernel gives it to the groups below the root only when some controller is switched on.
    fn unknown_group(&self) -> Error {
        let root = cgroup::root().unwrap_or_default();
        let message = format!(
            "{}: perf knows no group below the root yet; it does once a controller is switched on, as init systems do: \
             echo +pids > {}/cgroup.subtree_control (ENOENT)",
            self.what,
            root.display()
        );
        Error::new(Kind::AttachFailed, message).with_errno(libc::ENOENT)
    }

    fn refusal(&self, errno: i32) -> Error {
        let label = event::label(&self.spec.event);
        let what = format!("{} to {label}", self.what);
        let is_hardware = matches!(self.spec.event, PerfEvent::Hardware(_));
        let (kind, reason) = match errno {
            libc::EPERM | libc::EACCES => return permission_denied(&what, Need::Attach),
            libc::ENOENT | libc::EOPNOTSUPP | libc::ENODEV if is_hardware => (
                Kind::Unsupported,
                "this machine does not count it (a virtual machine without performance counters?); \
                 the software event cpu_clock samples everywhere"
                    .to_owned(),
            ),
            libc::ENOENT | libc::EOPNOTSUPP => (Kind::Unsupported, "this kernel does not have that event".to_owned()),
            libc::EINVAL => match event::excessive_frequency(self.spec.sample) {
                Some((freq, limit)) => (
                    Kind::InvalidOpts,
                    format!("sample.freq is {freq}, above the limit of {limit} (kernel.perf_event_max_sample_rate)"),
                ),
                None => (Kind::AttachFailed, "the kernel refuses these options".to_owned()),
            },
            libc::EBUSY => (Kind::AttachFailed, "another user holds the counter for itself".to_owned()),
            _ => (Kind::AttachFailed, refused(errno).to_owned()),
        };
        Error::new(kind, format!("{what}: {reason} ({})", errno_name(errno)))
    }
}
