//! Static probes of user-space binaries, which the binary's notes list.

mod argument;
#[cfg(fuzzing)]
pub(super) mod fuzzing;
mod libbpf;
mod specs;

use std::collections::BTreeSet;
use std::os::fd::AsFd;

use libbpf_rs::Program;

use super::lane::hook;
use super::similar::similar;
use super::spec::UsdtSpec;
use super::uprobe::{Binary, Point, StaticProbe, is_loaded_shared, link_points, replaced_warning, static_probes};
use super::{Attached, Hold, Outcome, failed_to_attach};
use crate::error::{Error, Kind, Result};
use crate::object::ProgramDecl;
use argument::{Argument, Layout};
pub(crate) use specs::SpecId;
use specs::Specs;

/// The target of `SEC("usdt/PATH:PROVIDER:NAME")`.
pub(super) fn spec_of_section(section: &str) -> Option<UsdtSpec> {
    let kind = section.split('/').next()?;
    let mut parts = hook(section).filter(|_| matches!(kind, "usdt" | "usdt.s"))?.split(':');
    let (binary, provider, name) = (parts.next()?.to_owned(), parts.next()?.to_owned(), parts.next()?.to_owned());
    parts.next().is_none().then(|| UsdtSpec { binary, provider, name, ..UsdtSpec::default() })
}

pub(super) fn attach(decl: &ProgramDecl, program: &Program<'_>, spec: &UsdtSpec) -> Result<Outcome> {
    let what = failed_to_attach(decl);
    let binary = Binary::find(&what, &spec.binary, spec.pid)?;
    let places = find(&what, &binary, spec)?;
    let target = match spec.pid {
        Some(pid) => format!("{}:{}:{} (pid {pid})", binary.shown, spec.provider, spec.name),
        None => format!("{}:{}:{}", binary.shown, spec.provider, spec.name),
    };
    let mut warnings: Vec<_> = replaced_warning(&decl.name, &binary, spec.pid).into_iter().collect();
    let hold = if is_ours(program) {
        attach_places(&what, decl, program, &Found { binary, spec, places, target: &target }, &mut warnings)?
    } else {
        warnings.extend(libbpf::outdated_header(decl, program));
        libbpf::attach(&what, program, &binary, spec, &target)?
    };
    Ok(Outcome { attached: vec![Attached { hold, how: "usdt".to_owned(), target }], warnings })
}

/// libbpf loads programs of `SEC("usdt")` for a shared link where the kernel has them. On older kernels it attaches them, too, since it
/// knows how to do without cookies.
fn is_ours(program: &Program<'_>) -> bool {
    cfg!(target_arch = "x86_64") && is_loaded_shared(program)
}

struct Found<'a> {
    binary: Binary,
    spec: &'a UsdtSpec,
    places: Vec<StaticProbe>,
    target: &'a str,
}

/// One link for all places. The kernel's cookie is the number under which the program finds its own, and where the arguments are.
fn attach_places(
    what: &str,
    decl: &ProgramDecl,
    program: &Program<'_>,
    found: &Found<'_>,
    warnings: &mut Vec<String>,
) -> Result<Hold> {
    let specs = Specs::of(program.as_fd());
    let mut ids: Vec<(&str, SpecId)> = Vec::new();
    let mut points = Vec::with_capacity(found.places.len());
    for place in &found.places {
        let Some(offset) = place.offset else {
            let reason = format!("{what}: a place of {} is not in the code of the file", found.target);
            return Err(Error::new(Kind::InvalidOpts, reason).with_path(&found.binary.shown));
        };
        let known = ids.iter().find(|(arguments, _)| *arguments == place.arguments).map(|(_, id)| id.cookie());
        let cookie = match (known, &specs) {
            (Some(cookie), _) => cookie,
            (None, None) => 0,
            (None, Some(specs)) => {
                let arguments = argument::parse(&place.arguments);
                warnings.extend(unreadable(decl, found.target, place, &arguments, specs.layout));
                let told = specs.layout.encode(&arguments, found.spec.cookie.unwrap_or(0));
                let id =
                    specs.add(&told).map_err(|reason| Error::new(Kind::InvalidOpts, format!("{what}: {reason}")))?;
                let cookie = id.cookie();
                ids.push((&place.arguments, id));
                cookie
            }
        };
        points.push(Point { offset, cookie, semaphore: place.semaphore.unwrap_or(0) });
    }
    let link = link_points(what, program, &found.binary, found.spec.pid, false, &points, || found.target.to_owned())?;
    Ok(Hold::Usdt { _link: link, _specs: ids.into_iter().map(|(_, id)| id).collect() })
}

/// Arguments in places of which programs cannot be told.
fn unreadable(
    decl: &ProgramDecl,
    target: &str,
    place: &StaticProbe,
    arguments: &[Argument],
    layout: Layout,
) -> Option<String> {
    let texts = place.arguments.split_ascii_whitespace();
    let (at, text) =
        texts.enumerate().zip(arguments).find(|(_, argument)| !argument.is_readable(layout)).map(|(text, _)| text)?;
    Some(format!("program '{}': argument {at} of {target} cannot be read, because it is in '{text}'", decl.name))
}

/// The places of the probe; at least one.
fn find(what: &str, binary: &Binary, spec: &UsdtSpec) -> Result<Vec<StaticProbe>> {
    let fail = |kind, reason: String| Err(Error::new(kind, format!("{what}: {reason}")).with_path(&binary.shown));
    let shown = &binary.shown;
    let probes = match static_probes(&binary.file) {
        Ok(probes) => probes,
        Err(reason) => return fail(Kind::InvalidOpts, format!("{shown} is not a usable ELF binary: {reason}")),
    };
    let (found, others): (Vec<_>, Vec<_>) =
        probes.into_iter().partition(|probe| probe.provider == spec.provider && probe.name == spec.name);
    if !found.is_empty() {
        return Ok(found);
    }
    let names: BTreeSet<_> = others.iter().map(|probe| format!("{}:{}", probe.provider, probe.name)).collect();
    let names: Vec<_> = names.into_iter().collect();
    let wanted = format!("{}:{}", spec.provider, spec.name);
    let instead = instead(&wanted, &names);
    fail(Kind::NotFound, format!("{shown} has no static probe {wanted}; {instead}"))
        .map_err(|error| error.with_errno(libc::ENOENT))
}

fn instead(wanted: &str, names: &[String]) -> String {
    const FEW: usize = 8;
    let close = similar(wanted, names.iter().map(String::as_str), 3);
    match (names.len(), close.as_slice()) {
        (0, _) => "it has none at all".to_owned(),
        (1..=FEW, _) => format!("it has {}", names.join(", ")),
        (count, []) => format!("it has {count}, which readelf -n lists"),
        (_, close) => format!("did you mean {}?", close.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_names_binary_provider_and_name() {
        let spec = spec_of_section("usdt//usr/bin/node:node:gc__start").unwrap();
        assert_eq!((spec.binary.as_str(), spec.provider.as_str()), ("/usr/bin/node", "node"));
        assert_eq!(spec.name, "gc__start");
        for section in ["usdt", "usdt/libc.so.6:libc", "usdt/a:b:c:d", "uprobe/a:b:c"] {
            assert_eq!(spec_of_section(section), None, "{section}");
        }
    }

    #[test]
    fn a_missing_probe_has_neighbours() {
        let names: Vec<_> = (0..20).map(|n| format!("shop:order__{n}")).collect();
        assert_eq!(instead("shop:order", &[]), "it has none at all");
        assert_eq!(instead("shop:order", &names[..2]), "it has shop:order__0, shop:order__1");
        assert!(instead("shop:ordr__7", &names).starts_with("did you mean shop:order__7 or"));
        assert_eq!(instead("bank:transfer", &names), "it has 20, which readelf -n lists");
    }
}
