//! The life of an object: open, start, stop.

use std::cell::{OnceCell, RefCell};
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use deno_core::url::Url;
use deno_core::{OpState, op2};
use yeet_bpf::error::{Error, Kind};
use yeet_bpf::map::Map;
use yeet_bpf::object::{self, Opened};
use yeet_bpf::ring::{Pump, RingSpec, SubscribeOpts};

use super::error::{OpError, Result};
use super::state::{BoundMap, BpfState, Object, full, lock, with_state};
use super::wire::{OpenedObject, StartedObject, WireMapState, WireRing, WireStart};
use super::worker::on_worker;
use crate::privileges::Privileges;

/// The absolute form of `exe` (a path, or a `file:` URL) below `base`, or below the working directory where `base` is empty.
#[op2]
#[string]
pub(crate) fn op_bpf_resolve(#[string] exe: String, #[string] base: String) -> Result<String> {
    let path = match Url::parse(&exe) {
        Ok(url) if url.scheme() == "file" => url
            .to_file_path()
            .map_err(|()| OpError::new(Kind::InvalidOpts, format!("{exe} is not a URL of a file on this machine")))?,
        _ => Path::new(&base).join(exe),
    };
    let absolute = std::path::absolute(&path).map_err(|error| {
        Error::new(Kind::Io, format!("cannot find the working directory for {}: {error}", path.display()))
            .with_source(&error)
    })?;
    Ok(without_dots(&absolute).display().to_string())
}

/// Takes `..` out by its spelling alone, as the resolution of an import does: two ways to write a path give one object.
fn without_dots(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

#[op2]
#[serde]
pub(crate) async fn op_bpf_open(state: Rc<RefCell<OpState>>, #[string] path: String) -> Result<OpenedObject> {
    let opened = on_worker(&state, move || object::open(&PathBuf::from(path))).await?;
    let btf = opened.btf().to_vec().into();
    let maps = opened.maps().iter().map(Into::into).collect();
    let programs = opened.programs().iter().map(Into::into).collect();
    let handle = with_state(&state, |bpf| bpf.opened.insert(opened)).ok_or_else(|| full("objects"))?;
    Ok(OpenedObject { handle, btf, maps, programs })
}

/// Gives back an opened object that will not be started.
#[op2(fast)]
pub(crate) fn op_bpf_discard(state: &mut OpState, opened: u32) {
    state.borrow_mut::<BpfState>().opened.remove(opened);
}

#[op2]
#[serde]
pub(crate) async fn op_bpf_start(
    state: Rc<RefCell<OpState>>,
    opened: u32,
    #[serde] spec: WireStart,
) -> Result<StartedObject> {
    let opened = with_state(&state, |bpf| bpf.opened.remove(opened))
        .ok_or_else(|| OpError::new(Kind::Stopped, "this object was started or discarded already"))?;
    let start_spec = spec.start_spec();
    let WireStart { maps, rings, .. } = spec;
    let unprivileged = {
        let mut state = state.borrow_mut();
        let privileges = state.borrow_mut::<Privileges>();
        privileges.begin();
        privileges.will_go()
    };
    let started = on_worker(&state, move || {
        let started = start(opened, start_spec, &maps, &rings)?;
        if unprivileged {
            lock(&started.object.running).check_stops_unprivileged()?;
        }
        Ok(started)
    })
    .await;
    state.borrow_mut().borrow_mut::<Privileges>().end(started.is_ok());
    with_state(&state, |bpf| register(bpf, started?))
}

/// A started object whose maps JavaScript does not know yet.
struct Started {
    object: Object,
    /// With the place in the pump's list, for an event buffer.
    maps: Vec<(Arc<Map>, Option<usize>)>,
}

fn start(opened: Opened, spec: object::StartSpec, names: &[String], rings: &[WireRing]) -> yeet_bpf::Result<Started> {
    let running = opened.start(spec)?;
    let mut maps = Vec::with_capacity(names.len());
    let mut drained = Vec::new();
    for name in names {
        let map = Arc::new(Map::from_fd(running.map_fd(name)?, name.clone())?);
        let ring = rings.iter().find(|ring| ring.map == *name).map(|ring| {
            let backlog = SubscribeOpts { capacity: ring.capacity as usize, byte_cap: ring.byte_cap as usize };
            drained.push(RingSpec { backlog, ..Arc::clone(&map).into() });
            drained.len() - 1
        });
        maps.push((map, ring));
    }
    let pump = if drained.is_empty() { None } else { Some(Pump::start(drained)?) };
    Ok(Started { object: Object { running: Arc::new(Mutex::new(running)), pump }, maps })
}

fn register(bpf: &mut BpfState, Started { object, maps }: Started) -> Result<StartedObject> {
    let warnings = lock(&object.running).warnings().to_vec();
    let handle = bpf.objects.insert(object).ok_or_else(|| full("objects"))?;
    let mut states = Vec::with_capacity(maps.len());
    for (map, ring) in maps {
        let bound = BoundMap { object: handle, map: Arc::clone(&map), section: OnceCell::new(), ring };
        let map_handle = bpf.maps.insert(bound).ok_or_else(|| full("maps"))?;
        states.push(WireMapState::new(map_handle, &map));
    }
    Ok(StartedObject { handle, maps: states, warnings })
}

/// Detaches and frees. Closing links can take long, so it happens on a worker thread.
#[op2]
pub(crate) async fn op_bpf_stop(state: Rc<RefCell<OpState>>, object: u32) -> Result<()> {
    let Some(stopping) = with_state(&state, |bpf| {
        bpf.maps.remove_if(|bound| bound.object == object);
        bpf.walks.remove_if(|walk| walk.object == object);
        bpf.readings.remove_if(|reading| reading.object == object);
        bpf.objects.remove(object)
    }) else {
        return Ok(());
    };
    on_worker(&state, move || stopping.stop()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_go_by_spelling() {
        for (path, expected) in [("/a/../b/x", "/b/x"), ("/a/b/../../x", "/x"), ("/../../x", "/x"), ("/a/x", "/a/x")] {
            assert_eq!(without_dots(Path::new(path)), Path::new(expected));
        }
    }
}
