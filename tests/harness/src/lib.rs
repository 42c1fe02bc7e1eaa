//! The harness of the spec tests.
//!
//! A spec test is a folder `tests/spec/<area>/<case>/` with a script, the output it must print and a manifest `test.toml`
//! (see [`manifest`] for its keys). The folder's path is the test's name. `cargo xtask spec` builds yeet and runs them all.

pub mod case;
pub mod discover;
pub mod expect;
pub mod guest;
pub mod kernel;
pub mod leftovers;
pub mod manifest;
pub mod needs;
pub mod pattern;
pub mod process;
pub mod report;
pub mod step;
mod streams;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use anyhow::Result;

/// What every case of one run shares. Its copies share one temporary folder, removed with the last of them.
#[derive(Debug, Clone)]
pub struct Context {
    /// The yeet binary under test.
    pub yeet: PathBuf,
    /// The folder that holds the cases (`tests/spec`).
    pub spec: PathBuf,
    /// The root of the repository: `{root}` in a manifest.
    pub root: PathBuf,
    /// Rewrite expectation files instead of failing where they differ.
    pub bless: bool,
    public: Arc<OnceLock<Result<PublicCopy, String>>>,
}

/// A copy of the binary where every user can run it: a build folder often lies in a closed home.
#[derive(Debug)]
struct PublicCopy {
    path: PathBuf,
    _dir: tempfile::TempDir,
}

impl Context {
    pub fn new(yeet: PathBuf, spec: PathBuf, root: PathBuf, bless: bool) -> Self {
        Context { yeet, spec, root, bless, public: Arc::default() }
    }

    /// The binary for cases that run as another user, copied once per run.
    pub fn public_yeet(&self) -> Result<&Path> {
        let made = self.public.get_or_init(|| PublicCopy::of(&self.yeet).map_err(|error| format!("{error:#}")));
        made.as_ref().map(|copy| copy.path.as_path()).map_err(|error| anyhow::anyhow!(error.clone()))
    }
}

impl PublicCopy {
    fn of(yeet: &Path) -> Result<PublicCopy> {
        let dir = tempfile::Builder::new().prefix("yeet-spec-bin-").tempdir()?;
        case::open_to_all(dir.path())?;
        let path = dir.path().join("yeet");
        std::fs::copy(yeet, &path)?;
        case::open_to_all(&path)?;
        Ok(PublicCopy { path, _dir: dir })
    }
}
