//! The one error type of this crate. Its [`Kind`] is what scripts match on; its message is what people read.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::printable;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in the word that a script sees as `err.name` and `err.code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    NotFound,
    E2BIG,
    InvalidMapKind,
    InvalidOpts,
    InvalidValue,
    Unbound,
    KindMismatch,
    VerifierRejected,
    AttachFailed,
    PermissionDenied,
    Unsupported,
    InvalidObject,
    Lagged,
    Stopped,
    Io,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "NotFound",
            Self::E2BIG => "E2BIG",
            Self::InvalidMapKind => "InvalidMapKind",
            Self::InvalidOpts => "InvalidOpts",
            Self::InvalidValue => "InvalidValue",
            Self::Unbound => "Unbound",
            Self::KindMismatch => "KindMismatch",
            Self::VerifierRejected => "VerifierRejected",
            Self::AttachFailed => "AttachFailed",
            Self::PermissionDenied => "PermissionDenied",
            Self::Unsupported => "Unsupported",
            Self::InvalidObject => "InvalidObject",
            Self::Lagged => "Lagged",
            Self::Stopped => "Stopped",
            Self::Io => "Io",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A failure: a sentence that says what was tried, on what, why it failed and what to do, and the facts that a script may want.
///
/// Boxed inside, so that a `Result` stays one word wide on the hot paths.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    message: String,
    facts: Facts,
}

/// The facts beside the sentence; each is absent where it does not apply.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Facts {
    /// `errno` of the failing system call (positive).
    pub errno: Option<i32>,
    pub program: Option<String>,
    pub map: Option<String>,
    pub path: Option<PathBuf>,
    /// How many entries of a batch were applied before it failed.
    pub applied: Option<u64>,
    /// How many records a subscription lost in this burst.
    pub missed: Option<u64>,
    /// The whole verifier log.
    pub log: Option<String>,
}

impl Error {
    /// Whatever names `message` quotes, it is fit to be printed: see [`printable`].
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: fit(message.into()), facts: Facts::default() }))
    }

    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    pub fn message(&self) -> &str {
        &self.0.message
    }

    pub fn facts(&self) -> &Facts {
        &self.0.facts
    }

    #[must_use]
    pub fn with_errno(mut self, errno: i32) -> Self {
        self.0.facts.errno = Some(errno);
        self
    }

    /// Records the `errno` of an I/O error, if it has one.
    #[must_use]
    pub fn with_source(self, source: &io::Error) -> Self {
        match source.raw_os_error() {
            Some(errno) => self.with_errno(errno),
            None => self,
        }
    }

    #[must_use]
    pub fn with_program(mut self, program: impl Into<String>) -> Self {
        self.0.facts.program = Some(program.into());
        self
    }

    #[must_use]
    pub fn with_map(mut self, map: impl Into<String>) -> Self {
        self.0.facts.map = Some(map.into());
        self
    }

    #[must_use]
    pub fn with_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.facts.path = Some(path.into());
        self
    }

    #[must_use]
    pub fn with_applied(mut self, applied: u64) -> Self {
        self.0.facts.applied = Some(applied);
        self
    }

    #[must_use]
    pub fn with_missed(mut self, missed: u64) -> Self {
        self.0.facts.missed = Some(missed);
        self
    }

    #[must_use]
    pub fn with_log(mut self, log: impl Into<String>) -> Self {
        self.0.facts.log = Some(fit(log.into()));
        self
    }
}

fn fit(text: String) -> String {
    match printable(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(shown) => shown,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for Error {}

/// As much of a name from a script as a message has room for.
pub(crate) fn shortened(name: &str) -> String {
    const MOST: usize = 60;
    match name.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &name[..end]),
        None => name.to_owned(),
    }
}

/// The symbolic name of an `errno`, as a script sees it (`"ENOENT"`), or `"errno N"` for one without a name here.
pub fn errno_name(errno: i32) -> String {
    let name = match errno {
        libc::EPERM => "EPERM",
        libc::ENOENT => "ENOENT",
        libc::ESRCH => "ESRCH",
        libc::EINTR => "EINTR",
        libc::EIO => "EIO",
        libc::EILSEQ => "EILSEQ",
        libc::ENXIO => "ENXIO",
        libc::E2BIG => "E2BIG",
        libc::ENOEXEC => "ENOEXEC",
        libc::EBADF => "EBADF",
        libc::EAGAIN => "EAGAIN",
        libc::ENOMEM => "ENOMEM",
        libc::EACCES => "EACCES",
        libc::EFAULT => "EFAULT",
        libc::EBUSY => "EBUSY",
        libc::EEXIST => "EEXIST",
        libc::EXDEV => "EXDEV",
        libc::ENODEV => "ENODEV",
        libc::ENOTDIR => "ENOTDIR",
        libc::EISDIR => "EISDIR",
        libc::EINVAL => "EINVAL",
        libc::ENFILE => "ENFILE",
        libc::EMFILE => "EMFILE",
        libc::EFBIG => "EFBIG",
        libc::ENOSPC => "ENOSPC",
        libc::EROFS => "EROFS",
        libc::EPIPE => "EPIPE",
        libc::ERANGE => "ERANGE",
        libc::ELOOP => "ELOOP",
        libc::ENOSYS => "ENOSYS",
        libc::EOPNOTSUPP => "EOPNOTSUPP",
        libc::EAFNOSUPPORT => "EAFNOSUPPORT",
        libc::ETIMEDOUT => "ETIMEDOUT",
        libc::EALREADY => "EALREADY",
        libc::ENOLINK => "ENOLINK",
        libc::EBADFD => "EBADFD",
        // The kernel's own ENOTSUPP, which leaks from bpf(2) and has no name in libc.
        524 => "ENOTSUPP",
        other => return format!("errno {other}"),
    };
    name.to_owned()
}
