//! Reading the object's file, once.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::elf::MAX_OBJECT_SIZE;
use crate::error::{Error, Kind, Result, shortened};

/// The absolute path, whether the file exists or not. Symbolic links are followed where they can be.
pub(super) fn resolve(path: &Path) -> Result<PathBuf> {
    match path.canonicalize() {
        Ok(resolved) => Ok(resolved),
        Err(_) => std::path::absolute(path).map_err(|error| {
            Error::new(
                Kind::Io,
                format!("cannot open {}: the working directory cannot be read: {error}", path.display()),
            )
            .with_source(&error)
        }),
    }
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let fail = |error: io::Error| read_error(path, &error);
    // Opening a pipe that nobody writes to would wait for ever; for files the flag means nothing.
    let file = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path).map_err(fail)?;
    let metadata = file.metadata().map_err(fail)?;
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "a directory" } else { "not a regular file" };
        return Err(
            Error::new(Kind::InvalidObject, format!("cannot open {}: it is {what}", path.display())).with_path(path)
        );
    }
    // One byte more than is accepted tells a file that is too large, even one that grows meanwhile.
    let mut image = Vec::with_capacity(metadata.len().min(MAX_OBJECT_SIZE) as usize + 1);
    file.take(MAX_OBJECT_SIZE + 1).read_to_end(&mut image).map_err(fail)?;
    if image.len() as u64 > MAX_OBJECT_SIZE {
        let message = format!("cannot open {}: it is larger than {} MiB", path.display(), MAX_OBJECT_SIZE >> 20);
        return Err(Error::new(Kind::InvalidObject, message).with_path(path));
    }
    Ok(image)
}

fn read_error(path: &Path, error: &io::Error) -> Error {
    let (kind, reason) = match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => (Kind::NotFound, missing(path)),
        io::ErrorKind::PermissionDenied => (
            Kind::PermissionDenied,
            "this user may not read the file (see its permissions and its folder's)".to_owned(),
        ),
        _ => (Kind::Io, error.to_string()),
    };
    Error::new(kind, format!("cannot open {}: {reason}", shown(path))).with_path(path).with_source(error)
}

/// A path as a message says it. One that is longer than any path may be is no file's, and its beginning tells enough.
fn shown(path: &Path) -> String {
    let path = path.display().to_string();
    if path.len() < libc::PATH_MAX as usize { path } else { shortened(&path) }
}

/// Why it may be missing: most often its source was not built yet.
fn missing(path: &Path) -> String {
    let source = path.with_extension("c");
    match source.is_file() {
        true => format!(
            "no such file, but its source is there; build it: clang -g -O2 -target bpf -c {} -o {}",
            source.display(),
            path.display()
        ),
        false => "no such file".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, read};

    #[test]
    fn a_path_that_is_too_long_is_not_repeated_whole() {
        let error = read("/x".repeat(50_000).as_ref()).unwrap_err();
        assert_eq!(error.kind(), Kind::Io);
        assert!(error.message().len() < 200 && error.message().starts_with("cannot open /x/x"), "{error}");
    }
}
