//! `yeet run`.

use std::io::Read;
use std::process::ExitCode;

use yeet_runtime::{Main, Options, Snapshots, printable};

use crate::BAD_INPUT;
use crate::args::Run;
use crate::user;

/// Bytes; input that never ends must not fill the memory.
const MAX_STDIN: u64 = 256 << 20;

pub(crate) static SNAPSHOTS: Snapshots = Snapshots {
    globals: include_bytes!(concat!(env!("OUT_DIR"), "/globals.snapshot")),
    all: include_bytes!(concat!(env!("OUT_DIR"), "/all.snapshot")),
};

/// Returns only where the script could not be read; a run ends the process itself.
pub(crate) fn run(run: Run) -> ExitCode {
    let main = match main_module(&run) {
        Ok(main) => main,
        Err(message) => {
            eprintln!("{}", printable(&message));
            return ExitCode::from(BAD_INPUT);
        }
    };
    let user = match run.user.as_deref().map(user::find).transpose() {
        Ok(user) => user,
        Err(message) => {
            eprintln!("{}", printable(&message));
            return ExitCode::from(BAD_INPUT);
        }
    };
    // Nothing stands between the file and the script's own arguments, but people used to other tools write the separator.
    let args = run.args.strip_prefix(&["--".to_owned()]).map(<[_]>::to_vec).unwrap_or(run.args);
    let hints = std::env::var("YEET_HINTS").ok().map(|value| value != "0");
    let Run { keep_alive, max_heap, v8_flags, .. } = run;
    yeet_runtime::run(&SNAPSHOTS, Options { main, args, keep_alive, user, hints, max_heap, v8_flags })
}

fn main_module(run: &Run) -> Result<Main, String> {
    if run.script.as_os_str() != "-" {
        return yeet_runtime::find_main(&run.script).map(Main::File);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(MAX_STDIN)
        .read_to_end(&mut bytes)
        .map_err(|error| format!("error: cannot read the script from standard input: {error}"))?;
    if bytes.len() as u64 == MAX_STDIN {
        return Err(format!("error: the script on standard input is larger than {} MiB", MAX_STDIN >> 20));
    }
    let text = String::from_utf8(bytes).map_err(|_| "error: the script on standard input is not UTF-8".to_owned())?;
    Ok(Main::Text(text))
}
