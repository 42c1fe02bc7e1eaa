//! What is fuzzed.

use std::path::PathBuf;

use crate::workspace::{root, target};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Rust,
    TypeScript,
}

/// One fuzz target.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    /// In the words of docs/reliability.md.
    pub(crate) what: &'static str,
    pub(super) language: Language,
    /// It eats objects: the fixtures are inputs too.
    pub(super) takes_objects: bool,
}

pub(crate) const TARGETS: [Target; 8] = [
    Target { name: "gate", what: "the gate: whole objects", language: Language::Rust, takes_objects: true },
    Target {
        name: "btf",
        what: "BTF; what passes, in libbpf under ASAN",
        language: Language::Rust,
        takes_objects: false,
    },
    Target {
        name: "btf-ext",
        what: "BTF.ext; what passes, in libbpf under ASAN",
        language: Language::Rust,
        takes_objects: false,
    },
    Target {
        name: "load",
        what: "objects that pass: opened, relocated and loaded by libbpf under ASAN, into a kernel that says yes",
        language: Language::Rust,
        takes_objects: true,
    },
    Target {
        name: "attach",
        what: "section names, probe arguments, symbol names, target binaries",
        language: Language::Rust,
        takes_objects: false,
    },
    Target { name: "arguments", what: "the command line", language: Language::Rust, takes_objects: false },
    Target {
        name: "codec",
        what: "any BTF: bytes → value → bytes",
        language: Language::TypeScript,
        takes_objects: false,
    },
    Target {
        name: "specs",
        what: "what scripts give to `attach()`",
        language: Language::TypeScript,
        takes_objects: false,
    },
];

impl Target {
    /// Inputs that are checked in: small ones that reach much, chosen by `--minimise`.
    pub(super) fn corpus(&self) -> PathBuf {
        root().join("fuzz/corpus").join(self.name)
    }

    /// Inputs that once showed a mistake.
    pub(super) fn regressions(&self) -> PathBuf {
        root().join("fuzz/regressions").join(self.name)
    }

    /// Inputs found on this machine.
    pub(super) fn found(&self) -> PathBuf {
        work().join("corpus").join(self.name)
    }

    /// Inputs that showed a mistake on this machine.
    pub(super) fn findings(&self) -> PathBuf {
        work().join("findings").join(self.name)
    }

    pub(super) fn log(&self) -> PathBuf {
        work().join(format!("{}.log", self.name))
    }
}

/// Where everything goes that is not checked in.
pub(super) fn work() -> PathBuf {
    target().join("fuzz")
}
