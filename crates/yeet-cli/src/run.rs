use std::io::Read;
use std::process::exit;

use yeet_runtime::{Main, Options};

use crate::args::Run;

static SNAPSHOT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/yeet.snapshot"));

/// Exit code for usage errors and missing files.
const BAD_INPUT: i32 = 2;

pub(crate) fn run(run: Run) -> ! {
    let main = if run.script.as_os_str() == "-" {
        let mut text = String::new();
        if let Err(error) = std::io::stdin().read_to_string(&mut text) {
            eprintln!("error: cannot read the script from standard input: {error}");
            exit(BAD_INPUT);
        }
        Main::Text(text)
    } else {
        match yeet_runtime::find_main(&run.script) {
            Ok(path) => Main::File(path),
            Err(message) => {
                eprintln!("{message}");
                exit(BAD_INPUT);
            }
        }
    };
    // Nothing stands between the file and the script's own arguments, but people used to other tools write the separator.
    let args = run.args.strip_prefix(&["--".to_owned()]).map(<[_]>::to_vec).unwrap_or(run.args);
    let hints = std::env::var("YEET_HINTS").ok().map(|value| value != "0");
    yeet_runtime::run(SNAPSHOT, Options { main, args, keep_alive: run.keep_alive, hints })
}
