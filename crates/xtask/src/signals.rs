//! Programs run in process groups of their own, so that a time limit reaches all of a group; Ctrl-C reaches it through here.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicI32, Ordering};

use anyhow::Result;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, killpg, raise, sigaction};
use nix::unistd::Pid;

const PASSED_ON: [Signal; 3] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP];

/// The process group that runs now; 0: none.
static RUNNING: AtomicI32 = AtomicI32::new(0);

/// Makes Ctrl-C end the program that runs, and then this one; and a closed stdout (`cargo xtask … | head`) end this one quietly.
pub(crate) fn set_up() -> Result<()> {
    let default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
    // SAFETY: the default action runs no code of this program.
    unsafe { sigaction(Signal::SIGPIPE, &default) }?;
    let action = SigAction::new(SigHandler::Handler(handle), SaFlags::SA_RESETHAND, SigSet::empty());
    for signal in PASSED_ON {
        // SAFETY: the handler calls nothing but kill(2) and raise(3), which may be called from one.
        unsafe { sigaction(signal, &action) }?;
    }
    Ok(())
}

extern "C" fn handle(number: i32) {
    let Ok(signal) = Signal::try_from(number) else { return };
    if let pid @ 1.. = RUNNING.load(Ordering::SeqCst) {
        let _ = killpg(Pid::from_raw(pid), signal);
    }
    // The default action is back already: this ends the process once the handler has returned.
    let _ = raise(signal);
}

/// Starts the command as leader of a process group, with every signal as a fresh login has it: in a background job a shell
/// ignores SIGINT, and what it starts would too.
pub(crate) fn spawn(command: &mut Command) -> std::io::Result<(Child, Foreground)> {
    command.process_group(0);
    // SAFETY: between fork and exec only sigaction and sigprocmask are called, which need no lock and no memory.
    unsafe {
        command.pre_exec(|| {
            let default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
            for signal in PASSED_ON {
                sigaction(signal, &default)?;
            }
            SigSet::empty().thread_set_mask()?;
            Ok(())
        });
    }
    let child = command.spawn()?;
    RUNNING.store(child.id().cast_signed(), Ordering::SeqCst);
    let group = Pid::from_raw(child.id().cast_signed());
    Ok((child, Foreground { group }))
}

/// While it lives, Ctrl-C reaches this process group.
pub(crate) struct Foreground {
    pub(crate) group: Pid,
}

impl Drop for Foreground {
    fn drop(&mut self) {
        RUNNING.store(0, Ordering::SeqCst);
    }
}
