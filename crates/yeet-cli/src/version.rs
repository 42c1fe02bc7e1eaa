//! `yeet --version`.

/// What goes below the version: the commit that the binary was built from, and the versions of what a bug report is most often about.
pub(crate) fn long() -> &'static str {
    let (v8, libbpf) = (yeet_runtime::v8_version(), yeet_runtime::libbpf_version());
    format!("{}\ncommit {}\nV8 {v8}\nlibbpf {libbpf}", env!("CARGO_PKG_VERSION"), env!("YEET_COMMIT")).leak()
}
