//! Which engine and which libbpf are inside.

/// V8's version, like `15.0.245.2`.
pub fn v8_version() -> &'static str {
    deno_core::v8::VERSION_STRING
}

/// libbpf's version, like `1.7`.
pub fn libbpf_version() -> String {
    yeet_bpf::libbpf_version()
}
