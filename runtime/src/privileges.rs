//! `--user`: root's privileges are for starting objects. Once the objects that are being started have started, the process changes its user
//! for good, all of its threads, and what it holds (maps, rings, links) goes on working by its descriptors.

use std::io;
use std::thread;

use nix::unistd::{Gid, Uid, setgroups, setresgid, setresuid};

use crate::lifecycle;

/// The user to change to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// As it was given on the command line.
    pub name: String,
    pub uid: u32,
    pub gid: u32,
    /// The supplementary groups; those of the old user never stay.
    pub groups: Vec<u32>,
}

/// Lives in the isolate's `OpState`.
#[derive(Debug, Default)]
pub(crate) struct Privileges {
    /// `None` where they stay, or are given up already.
    user: Option<User>,
    starting: usize,
    started: bool,
}

impl Privileges {
    pub(crate) fn until_started(user: Option<User>) -> Self {
        Self { user, ..Self::default() }
    }

    /// Whether what starts now will have to be stopped without privileges.
    pub(crate) fn will_go(&self) -> bool {
        self.user.is_some()
    }

    /// Says that an object is being started.
    pub(crate) fn begin(&mut self) {
        self.starting += 1;
    }

    /// Says that it has started, or could not. The last one that was being started takes the privileges with it; where they stay though
    /// they must not, the process ends.
    pub(crate) fn end(&mut self, started: bool) {
        self.starting -= 1;
        self.started |= started;
        if self.starting > 0 || !self.started {
            return;
        }
        if let Some(user) = self.user.take() {
            if let Err(error) = change(&user) {
                lifecycle::fail(&format!("error: --user {}: {error}", user.name), lifecycle::UNCAUGHT);
            }
            yeet_bpf::diagnose::privileges_dropped(&user.name);
        }
    }
}

/// To be called before there is a second thread: nothing that this process could execute gives privileges back.
///
/// # Errors
/// A sentence that says why `--user` cannot be kept here.
pub(crate) fn prepare(user: &User) -> Result<(), String> {
    let refused = |reason: String| Err(format!("error: --user {}: {reason}", user.name));
    // SAFETY: takes nothing and cannot fail.
    if unsafe { libc::geteuid() } != 0 {
        return refused("only root can change to another user\n  fix: run as root, or without --user".to_owned());
    }
    // SAFETY: this prctl takes numbers and touches no memory.
    if unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) } != 0 {
        return refused(format!("no_new_privs: {}", io::Error::last_os_error()));
    }
    let user = user.clone();
    let name = user.name.clone();
    // A thread that ends takes what it became with it.
    let rehearsal = thread::Builder::new().name("yeet-user".into()).spawn(move || rehearse(&user));
    let outcome = match rehearsal.map(thread::JoinHandle::join) {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err("trying it failed, which is a bug".to_owned()),
        Err(error) => Err(format!("it cannot be tried: {error}")),
    };
    outcome.map_err(|reason| format!("error: --user {name}: {reason}"))
}

/// Changes this one thread and looks whether maps can still be read.
fn rehearse(user: &User) -> Result<(), String> {
    let refused = |what: &str| {
        format!(
            "{what}: {}\n  fix: give the container CAP_SETUID and CAP_SETGID, or run without --user",
            io::Error::last_os_error()
        )
    };
    let (uid, gid) = (libc::c_long::from(user.uid), libc::c_long::from(user.gid));
    // SAFETY: the raw calls change the calling thread alone; the list of groups is as long as the kernel is told.
    unsafe {
        if libc::syscall(libc::SYS_setgroups, user.groups.len(), user.groups.as_ptr()) != 0 {
            return Err(refused("the groups cannot be changed"));
        }
        if libc::syscall(libc::SYS_setresgid, gid, gid, gid) != 0 {
            return Err(refused("the group cannot be changed"));
        }
        if libc::syscall(libc::SYS_setresuid, uid, uid, uid) != 0 {
            return Err(refused("the user cannot be changed"));
        }
    }
    match yeet_bpf::map::accessible_without_privileges() {
        true => Ok(()),
        false => Err("this kernel lets only privileged processes read maps\n  fix: use Linux 5.19 or newer, set kernel.unprivileged_bpf_disabled=0, or run without --user".to_owned()),
    }
}

/// The calls of the C library reach every thread.
fn change(user: &User) -> Result<(), String> {
    let failed = |what: &str, errno: nix::Error| format!("the {what} cannot be changed: {}", errno.desc());
    let (uid, gid) = (Uid::from_raw(user.uid), Gid::from_raw(user.gid));
    let groups: Vec<Gid> = user.groups.iter().copied().map(Gid::from_raw).collect();
    setgroups(&groups).map_err(|errno| failed("groups", errno))?;
    setresgid(gid, gid, gid).map_err(|errno| failed("group", errno))?;
    setresuid(uid, uid, uid).map_err(|errno| failed("user", errno))?;
    // A security mode that keeps capabilities over a change of the user would make a lie of the option.
    if setresuid(Uid::from_raw(0), Uid::from_raw(0), Uid::from_raw(0)).is_ok() {
        return Err("the process can still become root".to_owned());
    }
    Ok(())
}
