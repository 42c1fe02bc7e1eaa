//! `--user NAME|UID[:GID]`: who that is, by `/etc/passwd` and `/etc/group`.
//!
//! The files are read as they are: asking the C library would load the machine's own modules into a process of root. Users of a directory
//! service are named by their numbers.

use std::fs;

use yeet_runtime::User;

pub(crate) fn find(wanted: &str) -> Result<User, String> {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    lookup(wanted, &read("/etc/passwd"), &read("/etc/group"))
        .map_err(|(reason, fix)| format!("error: --user {wanted}: {reason}\n  fix: {fix}"))
}

/// The error is a reason and a fix.
fn lookup(wanted: &str, passwd: &str, group: &str) -> Result<User, (String, &'static str)> {
    let (user, wanted_group) = match wanted.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (wanted, None),
    };
    let entry = rows(passwd).find(|row| row[0] == user || row.get(2) == Some(&user));
    let field = |at: usize| entry.as_ref()?.get(at)?.parse::<u32>().ok();
    let uid = user.parse().ok().or_else(|| field(2)).ok_or_else(|| {
        (format!("there is no user '{user}' in /etc/passwd"), "name one that is there, or give the numbers UID:GID")
    })?;
    // The highest number tells the kernel to change nothing.
    let nobody_at_all = (format!("{} is not the number of a user or a group", u32::MAX), "give another number");
    if uid == u32::MAX {
        return Err(nobody_at_all);
    }
    if uid == 0 {
        return Err(("that is root, which gives nothing up".to_owned(), "name another user, such as nobody"));
    }
    let (gid, groups) = match wanted_group {
        // Who names the group means that one alone.
        Some(name) => {
            let found = rows(group).find(|row| row[0] == name).and_then(|row| row.get(2)?.parse().ok());
            let gid = name.parse().ok().or(found).ok_or_else(|| {
                (format!("there is no group '{name}' in /etc/group"), "name one that is there, or give its number")
            })?;
            (gid, vec![gid])
        }
        None => {
            let gid = field(3).ok_or_else(|| {
                (format!("user {uid} is not in /etc/passwd, so its group is not known"), "give the group too: UID:GID")
            })?;
            let name = entry.as_ref().map_or("", |row| row[0]);
            let is_member =
                |row: &Vec<&str>| row.get(3).is_some_and(|members| members.split(',').any(|one| one == name));
            let others = rows(group).filter(is_member).filter_map(|row| row.get(2)?.parse().ok());
            let mut groups: Vec<u32> = std::iter::once(gid).chain(others).collect();
            groups.dedup();
            (gid, groups)
        }
    };
    if gid == u32::MAX {
        return Err(nobody_at_all);
    }
    if gid == 0 || groups.contains(&0) {
        return Err(("group 0 is root's".to_owned(), "give another group: UID:GID"));
    }
    Ok(User { name: wanted.to_owned(), uid, gid, groups })
}

fn rows(file: &str) -> impl Iterator<Item = Vec<&str>> {
    file.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.trim_end().split(':').collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/sh\nann:x:1000:100:Ann:/home/ann:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n\
                          wheel:x:1001:0::/:/bin/sh\n";
    const GROUP: &str = "root:x:0:\nusers:x:100:\nvideo:x:44:bob,ann\nnogroup:x:65534:\n";

    fn numbers(wanted: &str) -> Option<(u32, u32, Vec<u32>)> {
        lookup(wanted, PASSWD, GROUP).ok().map(|user| (user.uid, user.gid, user.groups))
    }

    #[test]
    fn names_and_numbers() {
        assert_eq!(numbers("ann"), Some((1000, 100, vec![100, 44])));
        assert_eq!(numbers("1000"), Some((1000, 100, vec![100, 44])));
        assert_eq!(numbers("ann:video"), Some((1000, 44, vec![44])));
        assert_eq!(numbers("7:9"), Some((7, 9, vec![9])));
    }

    #[test]
    fn what_is_unknown_or_gives_nothing_up_is_refused() {
        for wanted in [
            "bob",
            "7",
            "",
            ":",
            "ann:",
            "ann:nope",
            "root",
            "0:9",
            "ann:0",
            "ann:root",
            "wheel",
            "-1:5",
            "4294967296:1",
            "4294967295:1",
            "1:4294967295",
        ] {
            assert_eq!(numbers(wanted), None, "{wanted}");
        }
    }
}
