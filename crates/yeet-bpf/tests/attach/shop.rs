//! The library and the programs of tests/fixtures/uprobe.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

/// A file that the build script of the fixture makes.
pub(crate) fn built(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shop");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/uprobe/build.sh");
        let output = Command::new("sh").arg(script).arg(&folder).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        folder
    });
    folder.join(name)
}

pub(crate) fn library() -> String {
    built("libshop.so").to_str().unwrap().to_owned()
}

/// Calls functions of a library (`shop_open=1`), in a process of its own.
pub(crate) fn shop(library: &str, calls: &[&str]) {
    let output = Command::new(built("customer")).arg(library).args(calls).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A process that talks in lines, and ends with this value.
pub(crate) struct Talker {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Talker {
    /// The process has to say `up` first.
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut talker = Self { child, input, output };
        assert_eq!(talker.line(), "up");
        talker
    }

    /// A customer of a library, as this process sees it.
    pub(crate) fn customer(library: &str) -> Self {
        Self::start(Command::new(built("customer")).arg(library))
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends a line and waits for the one that answers.
    pub(crate) fn ask(&mut self, line: &str) -> String {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
        self.line()
    }

    /// Ends its input and waits for its last line.
    pub(crate) fn finish(mut self) -> String {
        self.input = None;
        self.line()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

impl Drop for Talker {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }
}
