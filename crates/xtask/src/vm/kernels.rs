//! The kernels that guests boot.

use anyhow::{Result, bail};

/// A kernel of Debian's, made for virtual machines: it boots fast and has what a server's kernel has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kernel {
    /// What people call it on the command line.
    pub(crate) name: &'static str,
    /// The release of Debian whose newest kernel it is.
    pub(crate) suite: &'static str,
    /// CI has time for two.
    pub(crate) in_ci: bool,
}

pub(crate) const KERNELS: [Kernel; 4] = [
    Kernel { name: "5.10", suite: "bullseye", in_ci: false },
    Kernel { name: "6.1", suite: "bookworm", in_ci: true },
    Kernel { name: "6.12", suite: "trixie", in_ci: true },
    Kernel { name: "newest", suite: "trixie-backports", in_ci: false },
];

pub(crate) fn find(name: &str) -> Option<Kernel> {
    KERNELS.into_iter().find(|kernel| kernel.name == name)
}

/// Kernels and a filter, as `vm run` takes them: a word that names no kernel is the filter. No kernel named means all.
pub(crate) fn choose(words: &[String]) -> Result<(Vec<Kernel>, Option<String>)> {
    let kernels: Vec<Kernel> = words.iter().filter_map(|word| find(word)).collect();
    let others: Vec<&String> = words.iter().filter(|word| find(word).is_none()).collect();
    if others.len() > 1 {
        let known = KERNELS.map(|kernel| kernel.name).join(", ");
        bail!("one filter can be given; which of '{}' and '{}' is it? Kernels are {known}", others[0], others[1]);
    }
    let kernels = if kernels.is_empty() { KERNELS.to_vec() } else { kernels };
    Ok((kernels, others.first().map(|filter| (*filter).clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(words: &[&str]) -> (Vec<&'static str>, Option<String>) {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let (kernels, filter) = choose(&words).unwrap();
        (kernels.iter().map(|kernel| kernel.name).collect(), filter)
    }

    #[test]
    fn words_are_kernels_or_the_filter() {
        assert_eq!(chosen(&[]), (vec!["5.10", "6.1", "6.12", "newest"], None));
        assert_eq!(chosen(&["6.1", "kernel/", "newest"]), (vec!["6.1", "newest"], Some("kernel/".to_owned())));
        assert_eq!(chosen(&["maps"]).0.len(), 4);
        let error = choose(&["6.2".to_owned(), "maps".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("'6.2' and 'maps'") && error.contains("5.10, 6.1"), "{error}");
    }
}
