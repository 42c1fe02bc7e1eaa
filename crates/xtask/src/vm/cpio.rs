//! A tree of files, written as the archive that a Linux kernel unpacks into its first root ("newc" cpio).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

enum Node {
    Dir,
    /// A file of this machine, with its permissions.
    Copy(PathBuf),
    Text(String),
    /// A symbolic link and where it points.
    Link(String),
}

/// Paths are relative to the root. Parents come by themselves.
#[derive(Default)]
pub(super) struct Tree(BTreeMap<String, Node>);

impl Tree {
    pub(super) fn dir(&mut self, path: &str) {
        self.add(path, Node::Dir);
    }

    /// A text that may be executed.
    pub(super) fn text(&mut self, path: &str, text: &str) {
        self.add(path, Node::Text(text.to_owned()));
    }

    pub(super) fn link(&mut self, path: &str, target: &str) {
        self.add(path, Node::Link(target.to_owned()));
    }

    pub(super) fn copy(&mut self, path: &str, from: &Path) {
        self.add(path, Node::Copy(from.to_owned()));
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    fn add(&mut self, path: &str, node: Node) {
        let path = path.trim_matches('/');
        for (end, _) in path.match_indices('/') {
            self.0.entry(path[..end].to_owned()).or_insert(Node::Dir);
        }
        self.0.insert(path.to_owned(), node);
    }

    /// Parents come before children, since the order is that of the names.
    pub(super) fn write(&self, out: &mut impl Write) -> Result<()> {
        const DIR: u32 = 0o040_000;
        const FILE: u32 = 0o100_000;
        const LINK: u32 = 0o120_000;
        for (number, (path, node)) in self.0.iter().enumerate() {
            let number = u32::try_from(number + 1)?;
            let context = || format!("cannot pack {path}");
            match node {
                Node::Dir => entry(out, path, number, DIR | 0o755, 0, &mut io::empty()),
                Node::Text(text) => entry(out, path, number, FILE | 0o755, text.len() as u64, &mut text.as_bytes()),
                Node::Link(target) => {
                    entry(out, path, number, LINK | 0o777, target.len() as u64, &mut target.as_bytes())
                }
                Node::Copy(from) => {
                    let mut file = File::open(from).with_context(|| format!("cannot read {}", from.display()))?;
                    let data = file.metadata()?;
                    let mode = FILE | data.permissions().mode() & 0o777;
                    entry(out, path, number, mode, data.len(), &mut file)
                }
            }
            .with_context(context)?;
        }
        entry(out, "TRAILER!!!", 0, 0, 0, &mut io::empty())
    }
}

/// Header, name and contents, each part filled up to four bytes. All belongs to root; times are zero.
fn entry(out: &mut impl Write, path: &str, number: u32, mode: u32, size: u64, data: &mut impl io::Read) -> Result<()> {
    const PADDING: [u8; 3] = [0; 3];
    let padding = |length: u64| &PADDING[..(length.wrapping_neg() % 4) as usize];
    let size32 = u32::try_from(size).context("it is larger than 4 GiB")?;
    let name_size = u32::try_from(path.len() + 1)?;
    // Magic number, then: inode, mode, uid, gid, links, mtime, size, device and rdevice by major and minor, name's size, checksum.
    let header = format!(
        "070701{number:08X}{mode:08X}{0:08X}{0:08X}{1:08X}{0:08X}{size32:08X}{0:08X}{0:08X}{0:08X}{0:08X}{name_size:08X}{0:08X}",
        0, 1
    );
    out.write_all(header.as_bytes())?;
    out.write_all(path.as_bytes())?;
    out.write_all(&[0])?;
    out.write_all(padding(header.len() as u64 + u64::from(name_size)))?;
    let copied = io::copy(&mut data.by_ref().take(size), out)?;
    anyhow::ensure!(copied == size, "it changed its size meanwhile");
    out.write_all(padding(size))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_aligned_and_parents_come_first() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "12345").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        let mut tree = Tree::default();
        tree.copy("/a/b/file", &file);
        tree.link("a/link", "b/file");
        tree.text("init", "#!");
        tree.dir("a/b");
        let mut archive = Vec::new();
        tree.write(&mut archive).unwrap();

        let mut found = Vec::new();
        let mut at = 0;
        loop {
            assert_eq!(&archive[at..at + 6], b"070701", "at {at}");
            let field = |index: usize| {
                let text = std::str::from_utf8(&archive[at + 6 + index * 8..][..8]).unwrap();
                usize::from_str_radix(text, 16).unwrap()
            };
            let (mode, size, name_size) = (field(1), field(6), field(11));
            let name = String::from_utf8(archive[at + 110..at + 110 + name_size - 1].to_vec()).unwrap();
            let data = (at + 110 + name_size).next_multiple_of(4);
            if name == "TRAILER!!!" {
                break;
            }
            found.push((name, mode, String::from_utf8(archive[data..data + size].to_vec()).unwrap()));
            at = (data + size).next_multiple_of(4);
        }
        let expected = [
            ("a", 0o040_755, ""),
            ("a/b", 0o040_755, ""),
            ("a/b/file", 0o100_640, "12345"),
            ("a/link", 0o120_777, "b/file"),
            ("init", 0o100_755, "#!"),
        ];
        assert_eq!(found, expected.map(|(name, mode, text)| (name.to_owned(), mode, text.to_owned())));
    }
}
