//! C++ and Rust names as their source has them.

use std::fmt::{self, Write};

use cpp_demangle::{DemangleOptions, Symbol};

/// A mangled name can be made to unfold without end; more than this is no name that anybody wrote. Bytes.
const MAX_NAME: usize = 16 << 10;

/// The readable form of a mangled name: with parameter types for C++, without the hash for Rust. `None` for a name that is not mangled.
pub(super) fn demangle(name: &str) -> Option<String> {
    if let Ok(rust) = rustc_demangle::try_demangle(name) {
        return bounded(|text| write!(text, "{rust:#}"));
    }
    // What compilers put behind a name, as in `_Z3addii.cold`, is not part of it.
    cpp(name, DemangleOptions::new().no_return_type())
}

/// The readable form of a C++ name without its parameters.
pub(super) fn demangle_without_parameters(name: &str) -> Option<String> {
    cpp(name, DemangleOptions::new().no_return_type().no_params())
}

fn cpp(name: &str, options: DemangleOptions) -> Option<String> {
    if !name.starts_with("_Z") {
        return None;
    }
    let symbol = Symbol::new(name).ok()?;
    bounded(|text| symbol.structured_demangle(text, &options))
}

fn bounded(write: impl FnOnce(&mut Bounded) -> fmt::Result) -> Option<String> {
    let mut text = Bounded(String::new());
    write(&mut text).ok()?;
    Some(text.0)
}

struct Bounded(String);

impl Write for Bounded {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        if self.0.len() + part.len() > MAX_NAME {
            return Err(fmt::Error);
        }
        self.0.push_str(part);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_readable() {
        for (mangled, readable) in [
            ("_ZN4shop5Order5priceEi", "shop::Order::price(int)"),
            ("_ZNK4shop5Order5priceEid", "shop::Order::price(int, double) const"),
            ("_ZN4shop3maxIiEET_S1_S1_", "shop::max<int>(int, int)"),
            ("_ZN4shop6basket5price17h0123456789abcdefE", "shop::basket::price"),
            ("_RNvNtCs1234_4shop6basket5price", "shop::basket::price"),
        ] {
            assert_eq!(demangle(mangled).as_deref(), Some(readable), "{mangled}");
        }
        for plain in ["main", "_start", "_Zero", "_ZN4shop", "_R", ""] {
            assert_eq!(demangle(plain), None, "{plain}");
        }
        assert_eq!(demangle_without_parameters("_ZN4shop5Order5priceEi").as_deref(), Some("shop::Order::price"));
    }

    #[test]
    fn a_name_that_unfolds_without_end_is_none() {
        // Each parameter is a pair of the one before it, so the text doubles fifty times.
        let mut name = "_Z1fSt4pairIiiE".to_owned();
        for at in 0..36 {
            let before = match at {
                0 => "S0_".to_owned(),
                1..=10 => format!("S{}_", at),
                _ => format!("S{}_", char::from(b'A' + at as u8 - 11)),
            };
            name += &format!("S_I{before}{before}E");
        }
        let begun = std::time::Instant::now();
        assert!(demangle(&name).is_none_or(|text| text.len() <= MAX_NAME));
        assert!(begun.elapsed().as_secs() < 1, "{:?}", begun.elapsed());
        let deep = format!("_Z1f{}i", "P".repeat(100_000));
        assert_eq!(demangle(&deep), None);
    }
}
