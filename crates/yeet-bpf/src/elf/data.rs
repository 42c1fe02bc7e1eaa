//! Data sections: what BTF says of them beside what ELF has.

use std::collections::HashSet;

use super::btf::{Types, kind};
use super::sections::Sections;
use super::{Checked, refuse};

/// Bytes of one value of the kernel's configuration. libbpf adds them up as an `int`.
const MAX_CONFIGURATION: u64 = 4096;

/// libbpf places the variables of a section whose BTF has no size yet, and reads some of them as it opens the object.
pub(super) fn check(sections: &Sections<'_>, types: &Types<'_>) -> Checked {
    let mut seen = HashSet::new();
    for data in types.iter().filter(|one| one.kind() == kind::DATASEC) {
        let name = types.strings.bytes(data.name_offset).unwrap_or_default();
        if !seen.insert(name) {
            refuse!("{} occurs twice", types.label(data.id));
        }
        let of_name = |(_, section): &(usize, &super::sections::Section<'_>)| section.name.as_bytes() == name;
        let room = match (name, sections.iter().find(of_name)) {
            (b".kconfig", _) => MAX_CONFIGURATION,
            (_, Some((_, section))) => section.size(),
            (_, None) => continue,
        };
        if name != b".kconfig" && u64::from(data.size_or_type) > room {
            refuse!("{} has {} bytes, its section {room}", types.label(data.id), data.size_or_type);
        }
        for [variable, offset, size] in data.records::<3>() {
            let end = u64::from(offset) + u64::from(size).max(types.size_of_variable(variable));
            if end > room {
                refuse!(
                    "variable {} ends at {end}, behind the {room} bytes of {}",
                    types.label(variable),
                    types.label(data.id)
                );
            }
        }
    }
    Ok(())
}
