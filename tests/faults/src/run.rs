//! One run of a program with one fault.

use std::collections::BTreeMap;
use std::io::{self, IoSlice, IoSliceMut, Read};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, Stdio};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::socket::{ControlMessage, ControlMessageOwned, MsgFlags, recvmsg, sendmsg};
use nix::unistd::Pid;

use crate::filter::{Call, install};
use crate::memory::{read, read_path};
use crate::notify::{Arrival, Listener};

/// The `nth` call (from 1) fails.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    pub nth: usize,
    pub errno: i32,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Code(i32),
    Signal(i32),
    /// It did not end in time and was killed.
    Hang,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    pub end: End,
    /// How many calls of the kind there were.
    pub calls: usize,
    /// Whether one of them was made to fail.
    pub injected: bool,
    /// What the call was, where it can be said: the path that was opened, the command of bpf(2).
    pub what: String,
    pub stdout: String,
    pub stderr: String,
    /// How many descriptors were open each time a line `mark NAME` was written.
    pub descriptors: BTreeMap<String, usize>,
}

/// Runs `command` until it ends, at most for `limit`. Calls count from the moment on that a file is opened whose path ends with
/// `from`, for the loader's own are none of the program's; where the call is another one, they all count.
pub fn run(mut command: Command, call: Call, from: &str, fault: Option<Fault>, limit: Duration) -> Result<Outcome> {
    let (ours, theirs) = UnixStream::pair()?;
    let socket = theirs.as_raw_fd();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    // SAFETY: between fork and exec only system calls are made, besides one small allocation in a process with a single thread.
    unsafe { command.pre_exec(move || hand_over(socket, &install(call)?)) };
    let mut child = command.spawn().context("cannot start the program")?;
    drop((theirs, command));
    let listener = Listener(receive(&ours).context("no listener came from the program")?);
    let streams = (child.stdout.take(), child.stderr.take());
    let readers = (reader(streams.0)?, reader(streams.1)?);
    let mut watch = Watch {
        call,
        from,
        fault,
        counting: call != Call::Openat,
        calls: 0,
        what: String::new(),
        injected: false,
        descriptors: BTreeMap::new(),
    };
    let end = watch.attend(&listener, &mut child, Instant::now() + limit)?;
    let joined = |reader: JoinHandle<String>| reader.join().unwrap_or_default();
    let Watch { calls, injected, what, descriptors, .. } = watch;
    Ok(Outcome { end, calls, injected, what, stdout: joined(readers.0), stderr: joined(readers.1), descriptors })
}

struct Watch<'a> {
    call: Call,
    from: &'a str,
    fault: Option<Fault>,
    counting: bool,
    calls: usize,
    what: String,
    injected: bool,
    descriptors: BTreeMap<String, usize>,
}

impl Watch<'_> {
    fn attend(&mut self, listener: &Listener, child: &mut Child, deadline: Instant) -> Result<End> {
        let pid = Pid::from_raw(child.id().cast_signed());
        loop {
            match listener.next(Duration::from_millis(20))? {
                Arrival::Question(question) if question.number() == libc::SYS_write as i32 => {
                    let length = usize::try_from(question.argument(2)).unwrap_or(0).min(256);
                    self.mark(pid, &read(pid, question.argument(1), length));
                    listener.answer(&question, None);
                }
                Arrival::Question(question) => {
                    let arguments = [question.argument(0), question.argument(1)];
                    let errno = self.call.is(question.number()).then(|| self.count(pid, arguments)).flatten();
                    listener.answer(&question, errno);
                }
                Arrival::Nothing | Arrival::Over => {}
            }
            if let Some(status) = child.try_wait()? {
                return Ok(status.code().map_or_else(|| End::Signal(status.signal().unwrap_or(0)), End::Code));
            }
            if Instant::now() >= deadline {
                child.kill()?;
                child.wait()?;
                return Ok(End::Hang);
            }
        }
    }

    /// Counts one call; the errno that it is to fail with.
    fn count(&mut self, pid: Pid, arguments: [u64; 2]) -> Option<i32> {
        let mut path = String::new();
        if self.call == Call::Openat {
            path = read_path(pid, arguments[1]);
            self.counting |= path.ends_with(self.from);
        }
        if !self.counting {
            return None;
        }
        self.calls += 1;
        let fault = self.fault.filter(|fault| fault.nth == self.calls)?;
        self.injected = true;
        self.what = match self.call {
            Call::Bpf => format!("command {}", arguments[0]),
            _ => path,
        };
        Some(fault.errno)
    }

    fn mark(&mut self, pid: Pid, written: &[u8]) {
        for line in String::from_utf8_lossy(written).lines() {
            if let Some(name) = line.strip_prefix("mark ") {
                let count = std::fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count);
                self.descriptors.insert(name.to_owned(), count);
            }
        }
    }
}

fn reader(stream: Option<impl Read + Send + 'static>) -> io::Result<JoinHandle<String>> {
    Builder::new().name("reader".into()).spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // What came before an error is what there is.
            let _ = stream.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn hand_over(socket: RawFd, listener: &OwnedFd) -> io::Result<()> {
    let fds = [listener.as_raw_fd()];
    sendmsg::<()>(socket, &[IoSlice::new(b"l")], &[ControlMessage::ScmRights(&fds)], MsgFlags::empty(), None)?;
    Ok(())
}

fn receive(socket: &UnixStream) -> Result<OwnedFd> {
    let mut byte = [0];
    let mut buffers = [IoSliceMut::new(&mut byte)];
    let mut space = nix::cmsg_space!(RawFd);
    let message = recvmsg::<()>(socket.as_raw_fd(), &mut buffers, Some(&mut space), MsgFlags::MSG_CMSG_CLOEXEC)?;
    for part in message.cmsgs()? {
        if let ControlMessageOwned::ScmRights(fds) = part
            && let Some(fd) = fds.first()
        {
            // SAFETY: the descriptor was made for this process by the message and is ours alone.
            return Ok(unsafe { OwnedFd::from_raw_fd(*fd) });
        }
    }
    bail!("the message brought no descriptor")
}
