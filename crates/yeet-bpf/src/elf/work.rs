//! How long libbpf would take: what it looks for by comparing everything with everything.

use super::btf::{Types, kind};
use super::btf_ext::Counts;
use super::sections::Sections;
use super::symbols::Symbols;
use super::{Checked, MAX_PRODUCT, refuse};

pub(super) fn check(
    sections: &Sections<'_>,
    symbols: &Symbols<'_>,
    types: &Types<'_>,
    relocations: usize,
    ext: &Counts,
) -> Checked {
    let data = || types.iter().filter(|one| one.kind() == kind::DATASEC);
    let variables: usize = data().map(|one| one.count()).sum();
    let externs = symbols.extern_count();
    // An extern is looked for among the types and among the variables of every section, and each of its relocations among all of them.
    limit("undefined symbols", externs, "types and variables", types.len() + variables)?;
    limit("relocations", relocations, "undefined symbols and variables", externs + variables)?;
    limit("variables", variables, "symbols", symbols.len())?;
    limit("data sections in its BTF", data().count(), "sections", sections.len())?;
    limit("functions", symbols.function_count(), "records in its BTF.ext", ext.records)?;
    if ext.blocks > sections.len() {
        refuse!("its BTF.ext has {} blocks for {} sections", ext.blocks, sections.len());
    }
    Ok(())
}

fn limit(what: &str, count: usize, by: &str, other: usize) -> Checked {
    if count.saturating_mul(other) > MAX_PRODUCT {
        refuse!("it has {count} {what} and {other} {by}; that is too many");
    }
    Ok(())
}
