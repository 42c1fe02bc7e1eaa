//! The argument strings of static probes.

use super::argument::{Layout, parse};

/// Reads the arguments and writes them as the program expects them.
pub fn arguments(text: &str) {
    let arguments = parse(text);
    for size in 0..512 {
        if let Some(layout) = Layout::of(size) {
            let spec = layout.encode(&arguments, 7);
            assert_eq!(spec.len(), layout.size());
        }
    }
}
