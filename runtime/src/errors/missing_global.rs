//! Names that people bring from other runtimes. The engine only says that they are not defined.

/// The name, and what there is instead.
const INSTEAD: [(&str, &str); 15] = [
    ("Buffer", "use Uint8Array, with TextEncoder and TextDecoder for text"),
    ("Bun", "the global of this runtime is `yeet`"),
    ("Deno", "the global of this runtime is `yeet`"),
    (
        "React",
        "JSX becomes calls of React.createElement: define it, or name a function of your own with `/** @jsx h */` in the first line",
    ),
    ("__dirname", "write import.meta.dirname"),
    ("__filename", "write import.meta.filename"),
    ("exports", "write `export` in front of a declaration"),
    ("fetch", "scripts cannot reach the network"),
    ("global", "write globalThis"),
    ("module", "write `export` in front of a declaration"),
    (
        "process",
        "yeet.args holds the arguments, yeet.exit(code) ends the script and yeet.onSignal(handler) is called on SIGINT and SIGTERM",
    ),
    ("require", "write `import x from './x.ts'`"),
    ("self", "write globalThis"),
    ("setImmediate", "write setTimeout(callback, 0)"),
    ("window", "write globalThis"),
];

/// What to write instead of the global that a `ReferenceError` misses.
pub(super) fn fix(sentence: &str) -> Option<&'static str> {
    let name = sentence.strip_prefix("ReferenceError: ")?.split_once(" is not defined")?.0;
    INSTEAD.iter().find(|(missing, _)| *missing == name).map(|(_, instead)| *instead)
}

#[cfg(test)]
mod tests {
    use super::fix;

    #[test]
    fn only_the_names_of_other_runtimes_have_a_fix() {
        assert!(fix("ReferenceError: process is not defined\n  --> a.ts:1:1").unwrap().contains("yeet.exit"));
        assert_eq!(fix("ReferenceError: procesz is not defined"), None);
        assert_eq!(fix("Error: process is not defined"), None);
    }
}
