//! `yeet types`.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use yeet_runtime::Tool;

use crate::args::Types;
use crate::object::{self, fail};

pub(crate) fn run(types: &Types) -> ExitCode {
    let output = types.output.clone().or_else(|| beside(&types.object));
    let Some(output) = output else {
        let message = format!(
            "'{}' does not end in .o, so TypeScript has no name for its declarations\n  fix: name the object x.bpf.o, or say where to write: -o FILE",
            types.object.display()
        );
        return fail(&message, ExitCode::from(crate::BAD_INPUT));
    };
    let is_printed = output == Path::new("-");
    if let Some(message) = unfit(&output, types) {
        return fail(&message, ExitCode::from(crate::BAD_INPUT));
    }
    let text = match object::describe(&types.object, Tool::Types) {
        Ok(text) => text,
        Err(code) => return code,
    };
    if types.check {
        return check(&output, &text, &types.object);
    }
    if is_printed {
        return object::print(&text);
    }
    match replace(&output, &text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&format!("cannot write {}: {error}", output.display()), ExitCode::FAILURE),
    }
}

/// Why the declarations cannot be written there, or compared with what is there.
fn unfit(output: &Path, types: &Types) -> Option<String> {
    if output == Path::new("-") {
        let message =
            "--check compares with a file, and -o - is none\n  fix: yeet types OBJECT --check, or with -o FILE";
        return types.check.then(|| message.to_owned());
    }
    let metadata = std::fs::metadata(output).ok()?;
    if !metadata.is_file() {
        return Some(format!(
            "{} is not a regular file\n  fix: say where to write: -o FILE, or -o - to print",
            output.display()
        ));
    }
    let object = std::fs::metadata(&types.object).ok()?;
    let same = (metadata.dev(), metadata.ino()) == (object.dev(), object.ino());
    same.then(|| format!("{} is the object itself\n  fix: say where else to write: -o FILE", output.display()))
}

/// Writes a file beside and moves it there: whoever reads meanwhile, or after a failure, has the old one whole.
fn replace(output: &Path, text: &str) -> std::io::Result<()> {
    // A link stays, and what it leads to is replaced.
    let target = output.canonicalize().unwrap_or_else(|_| output.to_owned());
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let beside = target.with_file_name(name);
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &target));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// `x.bpf.d.o.ts`, where TypeScript looks for the declarations of `x.bpf.o`.
fn beside(object: &Path) -> Option<PathBuf> {
    let name = object.file_name()?.to_str()?.strip_suffix(".o")?;
    Some(object.with_file_name(format!("{name}.d.o.ts")))
}

fn check(output: &Path, text: &str, object: &Path) -> ExitCode {
    let problem = match std::fs::read_to_string(output) {
        Ok(found) if found == text => return ExitCode::SUCCESS,
        Ok(_) => "is not what the object says now".to_owned(),
        Err(error) => format!("cannot be read: {error}"),
    };
    let target = if beside(object).is_some_and(|path| path == output) {
        String::new()
    } else {
        format!(" -o {}", output.display())
    };
    let fix = format!("yeet types {}{target}", object.display());
    fail(&format!("{} {problem}\n  fix: {fix}", output.display()), ExitCode::FAILURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_lie_where_typescript_looks() {
        assert_eq!(beside(Path::new("a/probe.bpf.o")), Some("a/probe.bpf.d.o.ts".into()));
        assert_eq!(beside(Path::new("probe.o")), Some("probe.d.o.ts".into()));
        assert_eq!(beside(Path::new("probe")), None);
    }
}
