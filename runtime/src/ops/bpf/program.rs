//! The programs of a started object: what they are attached to, attaching and detaching while they run, running them by hand.

use std::cell::RefCell;
use std::rc::Rc;

use deno_core::{JsBuffer, OpState, ToJsBuffer, op2};
use serde::{Deserialize, Serialize};
use yeet_bpf::run::{Ran, RunSpec};

use super::attach::How;
use super::error::Result;
use super::state::{BpfState, lock, with_state};
use super::wire::WireProgramState;
use super::worker::on_worker;

/// Waits for an attaching or detaching that is under way.
#[op2]
#[serde]
pub(crate) fn op_bpf_programs(state: &mut OpState, object: u32) -> Result<Vec<WireProgramState>> {
    let running = state.borrow::<BpfState>().running(object)?;
    let programs = lock(&running).programs();
    Ok(programs.iter().map(Into::into).collect())
}

/// Resolves to what the user should know though nothing failed.
#[op2]
#[serde]
pub(crate) async fn op_bpf_attach(
    state: Rc<RefCell<OpState>>,
    object: u32,
    #[string] program: String,
    #[serde] how: How,
) -> Result<Vec<String>> {
    let running = with_state(&state, |bpf| bpf.running(object))?;
    on_worker(&state, move || lock(&running).attach(&program, &how.lower())).await
}

#[op2]
pub(crate) async fn op_bpf_detach(state: Rc<RefCell<OpState>>, object: u32, #[string] program: String) -> Result<()> {
    let running = with_state(&state, |bpf| bpf.running(object))?;
    on_worker(&state, move || {
        // Closing links takes long, and others may look at the object meanwhile.
        let detached = lock(&running).detach(&program)?;
        drop(detached);
        Ok(())
    })
    .await
}

#[derive(Deserialize)]
pub(crate) struct WireRun {
    data: Option<JsBuffer>,
    ctx: Option<JsBuffer>,
    repeat: Option<u32>,
    cpu: Option<u32>,
}

impl From<WireRun> for RunSpec {
    fn from(WireRun { data, ctx, repeat, cpu }: WireRun) -> Self {
        let bytes = |buffer: JsBuffer| buffer.to_vec();
        Self { data: data.map(bytes), ctx: ctx.map(bytes), repeat, cpu }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WireRan {
    return_value: i32,
    duration_ns: f64,
    data: Option<ToJsBuffer>,
    ctx: Option<ToJsBuffer>,
}

impl From<Ran> for WireRan {
    fn from(Ran { return_value, duration, data, ctx }: Ran) -> Self {
        let duration_ns = duration.as_nanos() as f64;
        Self { return_value, duration_ns, data: data.map(Into::into), ctx: ctx.map(Into::into) }
    }
}

#[op2]
#[serde]
pub(crate) async fn op_bpf_run(
    state: Rc<RefCell<OpState>>,
    object: u32,
    #[string] program: String,
    #[serde] run: WireRun,
) -> Result<WireRan> {
    let running = with_state(&state, |bpf| bpf.running(object))?;
    let spec = RunSpec::from(run);
    on_worker(&state, move || {
        let runnable = lock(&running).runnable(&program)?;
        Ok(runnable.run(&spec)?.into())
    })
    .await
}
