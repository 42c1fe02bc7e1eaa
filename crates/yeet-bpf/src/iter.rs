//! Reading iterators: each reading runs the program over all that it walks, and gives what the program wrote.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};

use crate::attach::refused;
use crate::error::{Error, Kind, Result, errno_name};

/// What one reading asks for. The kernel gives at most what fits into its own buffer of eight pages.
const CHUNK: usize = 64 << 10;

/// A reading of an iterator that has begun.
#[derive(Debug)]
pub struct Walk {
    program: String,
    /// The readings that are still to be done, the first one last.
    files: Vec<File>,
}

impl Walk {
    pub(crate) fn new(program: &str, links: &[BorrowedFd<'_>]) -> Result<Self> {
        let files = links.iter().rev().map(|link| create(program, *link).map(File::from)).collect::<Result<_>>()?;
        Ok(Self { program: program.to_owned(), files })
    }

    /// What the program wrote next, never nothing; `None` at the end.
    pub fn next_chunk(&mut self) -> Result<Option<Vec<u8>>> {
        let mut chunk = vec![0; CHUNK];
        while let Some(file) = self.files.last_mut() {
            match file.read(&mut chunk) {
                Ok(0) => {
                    self.files.pop();
                }
                Ok(length) => {
                    chunk.truncate(length);
                    return Ok(Some(chunk));
                }
                // After a million objects of which the program wrote nothing the kernel lets go for a moment.
                Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
                Err(error) => {
                    self.files.clear();
                    return Err(self.failed(&error));
                }
            }
        }
        Ok(None)
    }

    fn failed(&self, error: &io::Error) -> Error {
        let errno = error.raw_os_error().unwrap_or(libc::EIO);
        let reason = match errno {
            libc::E2BIG => "it writes more for one object than the kernel's buffer of eight pages holds".to_owned(),
            _ => format!("reading failed ({})", errno_name(errno)),
        };
        Error::new(Kind::Io, format!("cannot iterate program '{}': {reason}", self.program))
            .with_errno(errno)
            .with_program(&self.program)
    }
}

fn create(program: &str, link: BorrowedFd<'_>) -> Result<OwnedFd> {
    // SAFETY: the link is open.
    match unsafe { libbpf_sys::bpf_iter_create(link.as_raw_fd()) } {
        // SAFETY: the kernel just gave this descriptor to us and to nobody else.
        fd @ 0.. => Ok(unsafe { OwnedFd::from_raw_fd(fd) }),
        error => {
            let errno = -error;
            let message = format!("cannot iterate program '{program}': {} ({})", refused(errno), errno_name(errno));
            Err(Error::new(Kind::Io, message).with_errno(errno).with_program(program))
        }
    }
}
