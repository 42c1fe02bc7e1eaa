//! From a symbol, a pattern or an offset to the places in the file that probes go to.

use std::collections::{BTreeMap, HashMap};

use super::binary::Binary;
use super::elf::{Elf, Function, split_version};
use super::{names, pattern};
use crate::attach::similar::similar;
use crate::attach::{NamePattern, UprobeSpec};
use crate::error::{Error, Kind, Result};

/// Where a probe goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Bytes from the start of the file.
    pub(super) offset: u64,
    /// `SSL_read+4`, or the raw offset.
    pub(super) label: String,
    /// The symbol is a function that chooses the function to call.
    pub(super) is_indirect: bool,
}

/// More matches than these are rather a mistake: each costs a breakpoint in every process that has the binary mapped.
const MAX_MATCHES: usize = 10_000;
/// The same where each match needs a perf event of its own, which takes about 0.1 s to close.
const MAX_UNSHARED_MATCHES: usize = 500;

/// More functions of one name than these are not told apart.
const MAX_FOUND: usize = 1000;

/// The functions that there are, for a suggestion.
#[derive(Default)]
struct Names {
    list: Vec<String>,
    bytes: usize,
}

impl Names {
    /// Ignores what would take too much memory.
    fn push(&mut self, name: &str) {
        const MAX: usize = 256 << 20;
        self.bytes += size_of::<String>() + name.len();
        if self.bytes <= MAX {
            self.list.push(name.to_owned());
        }
    }
}

/// One binary, and its own functions of the names that are wanted.
pub(super) struct Search<'a> {
    what: &'a str,
    binary: &'a Binary,
    elf: Elf<'a>,
    /// By name without version; the version is beside each.
    own: HashMap<&'a str, Vec<Candidate>>,
}

struct Candidate {
    found: Found,
    version: Option<String>,
}

/// A function of the wanted name.
#[derive(Clone)]
struct Found {
    address: u64,
    size: u64,
    is_indirect: bool,
    /// The higher one is meant.
    rank: (bool, bool, bool),
    /// Tells it from others of the name.
    shown: String,
}

impl Found {
    fn new(function: &Function<'_>, shown: String) -> Self {
        let Function { address, size, is_indirect, is_local, is_default, .. } = *function;
        Self { address, size, is_indirect, rank: (is_default, !is_local, size != 0), shown }
    }
}

impl<'a> Search<'a> {
    /// Reads the tables of the binary once for all `symbols`.
    pub(super) fn open(what: &'a str, binary: &'a Binary, symbols: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let elf = Elf::open(&binary.file);
        let elf = elf.map_err(|reason| unusable(what, binary, reason))?;
        let mut own: HashMap<_, Vec<Candidate>> =
            symbols.into_iter().map(|symbol| (split_version(symbol).0, Vec::new())).collect();
        if !own.is_empty() {
            elf.own_functions(&mut |function| {
                if let Some(candidates) = own.get_mut(function.name)
                    && candidates.len() < MAX_FOUND
                {
                    candidates.push(Candidate::new(&function));
                }
            })
            .map_err(|reason| unusable(what, binary, reason))?;
        }
        Ok(Self { what, binary, elf, own })
    }

    /// At least one place, and only a pattern gives more. A symbol must be one of those that the search was opened for.
    pub(super) fn locate(&self, spec: &UprobeSpec, shared: bool) -> Result<Vec<Place>> {
        match (&spec.pattern, &spec.symbol) {
            (Some(pattern), _) => self.matches(pattern, shared),
            (None, Some(symbol)) => self.symbol(symbol, spec.offset).map(|place| vec![place]),
            (None, None) => self.raw(spec.offset).map(|place| vec![place]),
        }
    }

    fn raw(&self, offset: u64) -> Result<Place> {
        if !self.elf.code.iter().any(|code| offset.wrapping_sub(code.offset) < code.size) {
            let reason = format!("offset {offset:#x} is not in the code of {}", self.binary.shown);
            return Err(self.fail(Kind::InvalidOpts, &reason));
        }
        Ok(Place { offset, label: format!("{offset:#x}"), is_indirect: false })
    }

    fn symbol(&self, symbol: &str, offset: u64) -> Result<Place> {
        let shown = &self.binary.shown;
        let found = self.one(symbol, self.by_name(symbol)?)?;
        if found.size != 0 && offset >= found.size {
            let reason = format!("offset {offset} is behind the {} bytes of '{symbol}' in {shown}", found.size);
            return Err(self.fail(Kind::InvalidOpts, &reason));
        }
        let Some(place) = self.elf.offset_of(found.address.saturating_add(offset)) else {
            return Err(self.fail(Kind::InvalidOpts, &format!("'{symbol}' of {shown} is not code")));
        };
        let label = if offset == 0 { symbol.to_owned() } else { format!("{symbol}+{offset}") };
        Ok(Place { offset: place, label, is_indirect: found.is_indirect })
    }

    /// All functions of the name; at least one.
    fn by_name(&self, symbol: &str) -> Result<Vec<Found>> {
        let (wanted, wanted_version) = split_version(symbol);
        let is_meant = |version: Option<&str>| wanted_version.is_none() || wanted_version == version;
        let own = self.own.get(wanted).into_iter().flatten();
        let mut found: Vec<_> = own
            .filter(|candidate| is_meant(candidate.version.as_deref()))
            .map(|candidate| candidate.found.clone())
            .collect();
        if found.is_empty() {
            // Unpacking takes time, and most functions are found without.
            self.elf
                .packed_functions(&mut |function| {
                    if found.len() < MAX_FOUND && function.name == wanted && is_meant(function.version) {
                        found.push(Candidate::new(&function).found);
                    }
                })
                .map_err(|reason| self.unusable(reason))?;
        }
        match found.is_empty() {
            true => self.by_readable_name(symbol),
            false => Ok(found),
        }
    }

    /// Functions that their source calls by this name, with or without parameters.
    fn by_readable_name(&self, symbol: &str) -> Result<Vec<Found>> {
        let (mut found, mut names) = (Vec::new(), Names::default());
        self.elf
            .functions(&mut |function| {
                let Some(readable) = names::demangle(function.name) else {
                    return names.push(function.name);
                };
                let is_meant = readable == symbol
                    || readable.starts_with(symbol)
                        && names::demangle_without_parameters(function.name).is_some_and(|name| name == symbol);
                if found.len() < MAX_FOUND && is_meant && !is_part(function.name) {
                    found.push(Found::new(&function, format!("'{readable}'")));
                }
                // A suggestion is enough without parameters, and a mistyped name then resembles it.
                names.push(readable.split('(').next().unwrap_or_default());
            })
            .map_err(|reason| self.unusable(reason))?;
        match found.is_empty() {
            true => Err(self.not_found(&format!("no function '{symbol}'"), symbol, &names)),
            false => Ok(found),
        }
    }

    /// The one that is meant.
    fn one(&self, symbol: &str, mut found: Vec<Found>) -> Result<Found> {
        found.sort_by(|a, b| b.rank.cmp(&a.rank).then_with(|| a.address.cmp(&b.address)));
        found.dedup_by_key(|found| found.address);
        let best = found.iter().take_while(|other| other.rank == found[0].rank).count();
        if best == 1 {
            return Ok(found.swap_remove(0));
        }
        let shown: Vec<_> = found[..best].iter().take(8).map(|found| found.shown.as_str()).collect();
        let fix = match (symbol.contains("::"), shown[0].starts_with("0x")) {
            (false, true) => format!("give an offset into the file, or {{ match: '^{symbol}$' }} for all of them"),
            _ => "name one of them in full".to_owned(),
        };
        let reason = format!("{} has {best} functions '{symbol}' ({}); {fix}", self.binary.shown, shown.join(", "));
        Err(self.fail(Kind::InvalidOpts, &reason))
    }

    fn matches(&self, wanted: &NamePattern, shared: bool) -> Result<Vec<Place>> {
        let shown = &self.binary.shown;
        let regex = pattern::compile(wanted).map_err(|reason| self.fail(Kind::InvalidOpts, &reason))?;
        let most = if shared { MAX_MATCHES } else { MAX_UNSHARED_MATCHES };
        let (mut places, mut names) = (BTreeMap::new(), Names::default());
        self.elf
            .functions(&mut |function| {
                if is_part(function.name) {
                    return;
                }
                let readable = if wanted.mangled { None } else { names::demangle(function.name) };
                let name = readable.unwrap_or_else(|| function.name.to_owned());
                if places.len() > most {
                    return;
                }
                if let Some(offset) = self.elf.offset_of(function.address).filter(|_| regex.is_match(&name)) {
                    let place = Place { offset, label: name, is_indirect: function.is_indirect };
                    places.entry(offset).or_insert(place);
                } else if places.is_empty() {
                    names.push(&name);
                }
            })
            .map_err(|reason| self.unusable(reason))?;
        if places.is_empty() {
            let plain = wanted.source.trim_matches(['^', '$', '.', '*', '\\']);
            return Err(self.not_found(&format!("no function that /{}/ matches", wanted.source), plain, &names));
        }
        if places.len() > most {
            let why = if shared { "" } else { " on a kernel without shared links, which came with 6.6" };
            let reason = format!(
                "/{}/ matches more than {most} functions of {shown}, which is the most that one program can take{why}; narrow it",
                wanted.source
            );
            return Err(self.fail(Kind::InvalidOpts, &reason));
        }
        Ok(places.into_values().collect())
    }

    fn not_found(&self, missing: &str, wanted: &str, names: &Names) -> Error {
        let shown = &self.binary.shown;
        let reason = match names.list.is_empty() {
            true => format!("{shown} has no symbols (stripped?), so there is {missing}; give an offset instead"),
            false => {
                let close = similar(wanted, names.list.iter().map(String::as_str), 3);
                let close =
                    if close.is_empty() { String::new() } else { format!("; did you mean {}?", close.join(" or ")) };
                format!("{shown} has {missing}{close}")
            }
        };
        self.fail(Kind::NotFound, &reason).with_errno(libc::ENOENT)
    }

    fn unusable(&self, reason: String) -> Error {
        unusable(self.what, self.binary, reason)
    }

    fn fail(&self, kind: Kind, reason: &str) -> Error {
        Error::new(kind, format!("{}: {reason}", self.what)).with_path(&self.binary.shown)
    }
}

impl Candidate {
    fn new(function: &Function<'_>) -> Self {
        let shown = match function.version {
            Some(version) => format!("{}@{version}", function.name),
            None => format!("{:#x}", function.address),
        };
        Self { found: Found::new(function, shown), version: function.version.map(str::to_owned) }
    }
}

fn unusable(what: &str, binary: &Binary, reason: String) -> Error {
    let message = format!("{what}: {} is not a usable ELF binary: {reason}", binary.shown);
    Error::new(Kind::InvalidOpts, message).with_path(&binary.shown)
}

/// The unlikely half of a function, which the compiler moved away (`f.cold`). It is jumped to, so a return probe would find no return address.
fn is_part(name: &str) -> bool {
    name.contains(".cold")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn locate_in_libc(spec: UprobeSpec, shared: bool) -> Result<Vec<Place>> {
        let binary = Binary::find("trying", "libc.so.6", None).unwrap();
        Search::open("trying", &binary, spec.symbol.as_deref())?.locate(&spec, shared)
    }

    fn matching(source: &str) -> UprobeSpec {
        let pattern = NamePattern { source: source.to_owned(), ignore_case: false, mangled: false };
        UprobeSpec { pattern: Some(pattern), ..UprobeSpec::default() }
    }

    #[test]
    fn fewer_matches_go_without_shared_links() {
        let error = locate_in_libc(matching("^[a-z]"), false).unwrap_err();
        assert_eq!(error.kind(), Kind::InvalidOpts);
        let said = "more than 500 functions of /lib/x86_64-linux-gnu/libc.so.6, which is the most that one program can take on a kernel without";
        assert!(error.message().contains(said), "{error}");
        assert!(locate_in_libc(matching("^[a-z]"), true).unwrap().len() > 500);
    }

    #[test]
    fn a_function_that_is_chosen_at_start_is_known_as_such() {
        let place = |symbol: &str| {
            let spec = UprobeSpec { symbol: Some(symbol.to_owned()), ..UprobeSpec::default() };
            locate_in_libc(spec, true).unwrap().remove(0)
        };
        assert!(place("memcpy").is_indirect);
        assert!(!place("getpgid").is_indirect);
    }
}
