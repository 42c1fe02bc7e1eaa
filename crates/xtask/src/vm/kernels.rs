//! The kernels that guests boot.

/// A kernel of Debian's, made for virtual machines: it boots fast and has what a server's kernel has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kernel {
    /// What people call it on the command line.
    pub(crate) name: &'static str,
    /// The release of Debian whose newest kernel it is.
    pub(crate) suite: &'static str,
    /// The cases for which CI has time, as filters.
    pub(crate) in_ci: &'static [&'static str],
}

/// One kernel that has everything runs what depends on the kernel the most, the others what differs on them.
pub(crate) const KERNELS: [Kernel; 4] = [
    Kernel {
        name: "5.10",
        suite: "bullseye",
        in_ci: &["control/", "maps/without_bloom", "maps/info_only", "object/large_map", "tcx/without_tcx"],
    },
    Kernel { name: "6.1", suite: "bookworm", in_ci: &["kernel/", "ringbuf/s", "tcx/without_tcx"] },
    Kernel {
        name: "6.12",
        suite: "trixie",
        in_ci: &["kernel/", "attach/", "cgroup/", "control/", "netfilter/", "perf/", "tcx/", "xdp/"],
    },
    Kernel { name: "newest", suite: "trixie-backports", in_ci: &["attach/", "kernel/"] },
];

fn find(name: &str) -> Option<Kernel> {
    KERNELS.into_iter().find(|kernel| kernel.name == name)
}

/// Kernels and filters, as `vm run` takes them: a word that names no kernel is a filter. No kernel named means all.
pub(crate) fn choose(words: &[String]) -> (Vec<Kernel>, Vec<&str>) {
    let kernels: Vec<Kernel> = words.iter().filter_map(|word| find(word)).collect();
    let filters = words.iter().map(String::as_str).filter(|word| find(word).is_none()).collect();
    (if kernels.is_empty() { KERNELS.to_vec() } else { kernels }, filters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(words: &[&str]) -> (Vec<&'static str>, Vec<String>) {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let (kernels, filters) = choose(&words);
        (kernels.iter().map(|kernel| kernel.name).collect(), filters.into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn words_are_kernels_or_filters() {
        assert_eq!(names(&[]), (vec!["5.10", "6.1", "6.12", "newest"], vec![]));
        assert_eq!(
            names(&["6.1", "kernel/", "newest", "tcx/"]),
            (vec!["6.1", "newest"], vec!["kernel/".to_owned(), "tcx/".to_owned()])
        );
        assert_eq!(names(&["maps"]).0.len(), 4);
    }
}
