//! The thread that drains every bound ring of one object.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use super::channel::Channel;
use super::frames::Frames;
use super::pace::{Pace, Pass, SLACK};
use super::perf;
use super::reader::RingReader;
use super::source::{Source, Stop};
use super::subscription::{SubscribeOpts, Subscription};
use crate::Result;
use crate::diagnose::io_error;
use crate::error::{Error, Kind};
use crate::map::{Map, MapType};
use crate::sys::Errno;
use crate::sys::event::{Epoll, EventFd, block_signals, set_timer_slack};

/// A ring buffer or perf event array to drain.
#[derive(Clone, Debug)]
pub struct RingSpec {
    pub map: Arc<Map>,
    /// The bounds within which records wait for the first subscriber.
    pub backlog: SubscribeOpts,
    /// For a perf event array: bytes of each CPU's buffer, rounded up to a power of two of pages. A ring buffer has its size from the
    /// object.
    pub cpu_buffer: usize,
}

impl From<Arc<Map>> for RingSpec {
    /// The default bounds, and 256 KiB for each CPU.
    fn from(map: Arc<Map>) -> Self {
        Self { map, backlog: SubscribeOpts::default(), cpu_buffer: 256 * 1024 }
    }
}

impl RingSpec {
    fn open(&self) -> Result<Vec<Box<dyn Source>>> {
        match self.map.info().map_type {
            MapType::PerfEventArray => Ok(perf::open(&self.map, self.cpu_buffer)?
                .into_iter()
                .map(|reader| Box::new(reader) as Box<dyn Source>)
                .collect()),
            _ => Ok(vec![Box::new(RingReader::open(Arc::clone(&self.map))?)]),
        }
    }
}

/// The pump of one object. It sleeps while there is nothing to read.
///
/// Dropping it stops it.
pub struct Pump {
    channels: Vec<Arc<Channel>>,
    stop: Arc<EventFd>,
    thread: Option<JoinHandle<()>>,
}

impl Pump {
    /// Starts to drain `rings`. They are known by their place in this list from now on.
    ///
    /// # Errors
    /// `InvalidMapKind` for a map that is neither ring buffer nor perf event array; `Io` or `PermissionDenied` when its memory cannot be mapped or no thread started.
    pub fn start<R: Into<RingSpec>>(rings: Vec<R>) -> Result<Self> {
        let mut channels = Vec::new();
        let mut inputs = Vec::new();
        for spec in rings {
            let spec: RingSpec = spec.into();
            let counts_drops = spec.map.info().map_type == MapType::PerfEventArray;
            let channel = Arc::new(Channel::new(spec.backlog.bounds(), counts_drops));
            inputs.extend(spec.open()?.into_iter().map(|source| Input {
                source,
                channel: Arc::clone(&channel),
                open: true,
            }));
            channels.push(channel);
        }
        let stop = Arc::new(EventFd::new().map_err(unstartable)?);
        let epoll = Epoll::new().map_err(unstartable)?;
        epoll.add(stop.fd(), STOP).map_err(unstartable)?;
        for (token, input) in inputs.iter().enumerate() {
            epoll.add(input.source.fd(), token as u64).map_err(unstartable)?;
        }
        let worker = Worker { inputs, epoll, stop: Arc::clone(&stop) };
        let thread = Builder::new().name("yeet-pump".to_owned()).spawn(move || worker.run()).map_err(|source| {
            Error::new(Kind::Io, format!("cannot start the thread that reads ring buffers: {source}"))
                .with_source(&source)
        })?;
        Ok(Self { channels, stop, thread: Some(thread) })
    }

    /// Subscribes to the ring at this place in the list given to [`Pump::start`].
    ///
    /// The first subscription gets the records that have waited; every other one gets those produced after it. After a stop the first
    /// still gets what has waited.
    ///
    /// # Errors
    /// `NotFound` when there is no such ring.
    pub fn subscribe(&self, ring: usize, opts: SubscribeOpts) -> Result<Subscription> {
        let channel = self.channels.get(ring).ok_or_else(|| {
            Error::new(
                Kind::NotFound,
                format!("there is no ring {ring}: the pump drains {} rings", self.channels.len()),
            )
        })?;
        Ok(Subscription::new(Arc::clone(channel), opts))
    }

    /// Drains what the kernel's rings hold now and ends the thread. What subscriptions have queued can still be taken.
    pub fn stop(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.stop.set();
        // The thread catches its own panics, so there is nothing to learn from its end.
        let _ = thread.join();
    }
}

impl Drop for Pump {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The epoll token of the stop event; those of inputs are their places.
const STOP: u64 = u64::MAX;

fn unstartable(errno: Errno) -> Error {
    io_error("cannot wait for ring buffers", errno.0)
}

struct Input {
    source: Box<dyn Source>,
    channel: Arc<Channel>,
    /// Cleared when the source has failed.
    open: bool,
}

/// What the thread owns.
struct Worker {
    inputs: Vec<Input>,
    epoll: Epoll,
    stop: Arc<EventFd>,
}

impl Worker {
    fn run(mut self) {
        block_signals();
        set_timer_slack(SLACK);
        let outcome = catch_unwind(AssertUnwindSafe(|| self.pump()));
        let failure = match outcome {
            Ok(Ok(())) => None,
            Ok(Err(errno)) => Some(unstartable(errno)),
            Err(panic) => Some(Error::new(
                Kind::Io,
                format!("the thread that reads ring buffers failed, which is a bug: {}", panic_message(&*panic)),
            )),
        };
        let failure = failure.map(Arc::new);
        for input in &self.inputs {
            input.channel.end(failure.clone());
        }
    }

    fn pump(&mut self) -> Result<(), Errno> {
        let mut pace = Pace::new(Instant::now());
        let mut ready = Vec::new();
        loop {
            self.epoll.wait(&mut ready)?;
            if ready.contains(&STOP) {
                break;
            }
            pace.begin();
            let elapsed = pace.elapsed(Instant::now());
            for &token in &ready {
                let pass = self.drain(token as usize)?;
                pace.add(pass, elapsed);
            }
            if let Some(nap) = pace.end(Instant::now())
                && self.stop.sleep(nap)?
            {
                break;
            }
        }
        self.drain_last()
    }

    /// Reads what a source held at the beginning of the pass.
    fn drain(&mut self, index: usize) -> Result<Pass, Errno> {
        let Some(input) = self.inputs.get_mut(index).filter(|input| input.open) else { return Ok(Pass::default()) };
        let pass = input.drain();
        if !input.open {
            self.epoll.remove(input.source.fd())?;
        }
        Ok(pass)
    }

    /// Takes what is left when nobody should produce any more. A record that is being written gets a moment.
    fn drain_last(&mut self) -> Result<(), Errno> {
        const PATIENCE: Duration = Duration::from_millis(20);
        let begin = Instant::now();
        for index in 0..self.inputs.len() {
            while self.drain(index)?.busy && begin.elapsed() < PATIENCE {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        Ok(())
    }
}

impl Input {
    fn drain(&mut self) -> Pass {
        let (until, bytes) = self.source.produced();
        let mut pass = Pass { records: 0, bytes, size: self.source.size(), busy: false };
        let mut left = bytes;
        loop {
            let mut frames = Frames::with_capacity(left);
            let filled = self.source.fill(until, &mut frames);
            pass.records += frames.records();
            left = left.saturating_sub(frames.len());
            if !frames.is_empty() {
                self.channel.publish(frames);
            }
            match filled {
                Ok(filled) => {
                    if filled.lost > 0 {
                        self.channel.add_kernel_dropped(filled.lost);
                    }
                    if filled.stop == Stop::Full {
                        continue;
                    }
                    pass.busy = filled.stop == Stop::Busy;
                }
                Err(error) => {
                    self.open = false;
                    self.channel.end(Some(Arc::new(error)));
                }
            }
            return pass;
        }
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}
