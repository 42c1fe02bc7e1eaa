//! The names of objects and maps, as the file and as the kernel has them.

use std::path::Path;

use super::MapDecl;

/// The object's name as libbpf makes it of a file: up to the first dot. It becomes the first part of the kernel's names of data sections.
pub(super) fn object_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    match name.split('.').next() {
        Some(stem) if !stem.is_empty() => stem.to_owned(),
        _ => "object".to_owned(),
    }
}

/// Finds a map by its name in the file (`events`, `.data`, `.rodata.config`) or by the kernel's name for it (`probe.data`).
///
/// The kernel keeps 15 characters of a name; where two maps agree in them, only their names in the file tell them apart.
pub fn resolve_map<'a>(maps: &'a [MapDecl], name: &str) -> Option<&'a MapDecl> {
    if let Some(map) = maps.iter().find(|map| map.name == name) {
        return Some(map);
    }
    let mut found = maps.iter().filter(|map| map.kernel_name == name);
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_up_to_the_first_dot() {
        assert_eq!(object_name(Path::new("/a/b.c/execsnoop.bpf.o")), "execsnoop");
        assert_eq!(object_name(Path::new("probe")), "probe");
        assert_eq!(object_name(Path::new("/x/.hidden")), "object");
    }
}
