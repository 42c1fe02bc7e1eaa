//! Everything native that a script has open, in one place: what is live can be told, and all of it can be closed when the run ends.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use deno_core::OpState;
use yeet_bpf::error::Kind;
use yeet_bpf::iter;
use yeet_bpf::map::{Map, Scan, Section};
use yeet_bpf::object::{Opened, Running};
use yeet_bpf::ring::{Pump, Subscription};

use super::error::{OpError, Result};
use super::slots::Slots;

/// A started object: its programs and links, and the thread that drains its event buffers.
pub(crate) struct Object {
    /// Shared with the worker thread that attaches, detaches or stops: calls that take long.
    pub(crate) running: Arc<Mutex<Running>>,
    pub(crate) pump: Option<Pump>,
}

/// Waits for a worker thread that attaches or detaches. One that panicked leaves the object to be stopped.
pub(crate) fn lock(running: &Mutex<Running>) -> MutexGuard<'_, Running> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Object {
    /// Detaches, hands what the kernel's buffers still hold to the subscriptions, and frees everything.
    pub(crate) fn stop(mut self) -> yeet_bpf::Result<()> {
        // No new records before the last look into the buffers: the pump has descriptors of its own, so the order loses nothing.
        let stopped = lock(&self.running).stop();
        if let Some(pump) = &mut self.pump {
            pump.stop();
        }
        stopped
    }
}

/// A bound map of a started object.
pub(crate) struct BoundMap {
    pub(crate) object: u32,
    pub(crate) map: Arc<Map>,
    /// The mapping of a data section, made by the first read or patch.
    pub(crate) section: OnceCell<Section>,
    /// Which of the pump's buffers this is.
    pub(crate) ring: Option<usize>,
}

/// A walk over a map.
pub(crate) struct Walk {
    pub(crate) object: u32,
    pub(crate) scan: Arc<Mutex<Scan>>,
}

/// A reading of an iterator program.
pub(crate) struct Reading {
    pub(crate) object: u32,
    pub(crate) walk: Arc<Mutex<iter::Walk>>,
}

/// Lives in the isolate's `OpState`.
#[derive(Default)]
pub(crate) struct BpfState {
    pub(crate) opened: Slots<Opened>,
    pub(crate) objects: Slots<Object>,
    pub(crate) maps: Slots<BoundMap>,
    pub(crate) walks: Slots<Walk>,
    pub(crate) readings: Slots<Reading>,
    pub(crate) subscriptions: Slots<Arc<Subscription>>,
    pending: Rc<Cell<usize>>,
}

/// How much is live, for the hint at the end of a run and for `--keep-alive`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Live {
    pub(crate) objects: usize,
    pub(crate) subscriptions: usize,
    /// `start()`, `stop()` and map operations that have not settled.
    pub(crate) pending: usize,
}

/// One operation on a worker thread; counts as pending until it is dropped.
pub(crate) struct Pending(Rc<Cell<usize>>);

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl BpfState {
    pub(crate) fn pending(&self) -> Pending {
        self.pending.set(self.pending.get() + 1);
        Pending(Rc::clone(&self.pending))
    }

    pub(crate) fn map(&self, handle: u32) -> Result<&BoundMap> {
        self.maps.get(handle).ok_or_else(|| gone("map"))
    }

    /// What a worker thread needs of a started object.
    pub(crate) fn running(&self, handle: u32) -> Result<Arc<Mutex<Running>>> {
        self.objects.get(handle).map(|object| Arc::clone(&object.running)).ok_or_else(|| gone("program"))
    }

    pub(crate) fn live(&self) -> Live {
        Live { objects: self.objects.len(), subscriptions: self.subscriptions.len(), pending: self.pending.get() }
    }

    /// Closes everything. Waits for the kernel at most `limit`; returns whether it was done by then. What is not done is the kernel's to
    /// finish when the process ends.
    pub(crate) fn close_all(&mut self, limit: Duration) -> bool {
        for (_, subscription) in self.subscriptions.iter() {
            subscription.close();
        }
        let Self { objects, pending, .. } = std::mem::take(self);
        self.pending = pending;
        let objects = objects.into_values();
        if objects.is_empty() {
            return true;
        }
        let (done, finished) = mpsc::channel();
        let closing = thread::Builder::new().name("yeet-close".into()).spawn(move || {
            for object in objects {
                // The run is over and nobody is left to tell; the process's end frees what this could not.
                let _ = object.stop();
            }
            let _ = done.send(());
        });
        closing.is_ok() && finished.recv_timeout(limit).is_ok()
    }
}

fn gone(what: &str) -> OpError {
    OpError::new(Kind::Stopped, format!("the {what} is gone: its object was stopped"))
}

/// Runs `f` with the state of an asynchronous op, which must not hold the borrow over an await.
pub(crate) fn with_state<T>(state: &Rc<RefCell<OpState>>, f: impl FnOnce(&mut BpfState) -> T) -> T {
    f(state.borrow_mut().borrow_mut::<BpfState>())
}

/// A table that has a million entries already.
pub(crate) fn full(what: &str) -> OpError {
    OpError::new(Kind::Unsupported, format!("too many {what} are open at once; close or stop some"))
}
