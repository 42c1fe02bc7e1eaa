//! "Did you mean …?"

/// At most `count` candidates that a mistyped `name` may have meant, the closest first.
pub(crate) fn similar<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>, count: usize) -> Vec<&'a str> {
    const CLOSE: f64 = 0.8;
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|candidate| (score(name, candidate), candidate))
        .filter(|(score, _)| *score >= CLOSE)
        .collect();
    scored.sort_by(|(a, left), (b, right)| b.total_cmp(a).then_with(|| left.cmp(right)));
    scored.dedup_by_key(|(_, candidate)| *candidate);
    scored.into_iter().take(count).map(|(_, candidate)| candidate).collect()
}

/// A name that contains the other is as close as a typing mistake: `sys_enter_open` for `sys_enter_openat`.
fn score(name: &str, candidate: &str) -> f64 {
    let likeness = strsim::normalized_damerau_levenshtein(name, candidate);
    match name.len() >= 4 && (candidate.contains(name) || name.contains(candidate) && candidate.len() >= 4) {
        true => likeness.max(0.85),
        false => likeness,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_names_come_first_and_strangers_do_not_come() {
        let names = ["sched_process_exec", "sched_process_exit", "sched_switch", "sys_enter_openat"];
        assert_eq!(similar("sched_proces_exec", names, 2), ["sched_process_exec", "sched_process_exit"]);
        assert_eq!(similar("sys_enter_open", names, 1), ["sys_enter_openat"]);
        assert!(similar("completely_different", names, 3).is_empty());
    }
}
