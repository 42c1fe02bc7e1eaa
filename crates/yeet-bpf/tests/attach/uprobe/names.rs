//! Names of functions: versions, patterns, those of C++ and Rust, and those of stripped binaries.

use std::fs;

use super::*;
use crate::shop::built;

/// How often the program ran for each of the calls, which happen once with the library that is probed.
fn counts(target: &UprobeSpec, calls: &[&str]) -> Vec<u32> {
    let running = start(vec![("on_entry", vec![target.clone()])]).unwrap_or_else(|error| panic!("{error}"));
    let count = |call: &&str| {
        let before = counter(&running, ENTRIES);
        shop(&target.binary, &[*call]);
        counter(&running, ENTRIES) - before
    };
    calls.iter().map(count).collect()
}

#[test]
fn a_version_chooses_among_functions_of_one_name() {
    let _serial = serial();
    let signal = || {
        let mut condition = libc::PTHREAD_COND_INITIALIZER;
        // SAFETY: an initialised condition that nobody waits for.
        unsafe { libc::pthread_cond_signal(&mut condition) };
    };
    let count = |symbol: &str| {
        let target = UprobeSpec { pid: Some(std::process::id()), ..libc(symbol) };
        let running = start(vec![("on_entry", vec![target])]).unwrap();
        signal();
        counter(&running, ENTRIES)
    };
    assert_eq!(count("pthread_cond_signal"), 1, "the default version");
    assert_eq!(count("pthread_cond_signal@GLIBC_2.3.2"), 1);
    assert_eq!(count("pthread_cond_signal@GLIBC_2.2.5"), 0, "the old version, which nobody calls");
}

#[test]
fn versions_are_found_in_both_symbol_tables() {
    let _serial = serial();
    for name in ["libshop.so", "libshop-bare.so"] {
        let library = built(name).to_str().unwrap().to_owned();
        let counts = |symbol| counts(&of(&library, symbol), &["shop_price@SHOP_1=1", "shop_price@SHOP_2=1"]);
        assert_eq!(counts("shop_price"), [0, 1], "{name}: the default version");
        assert_eq!(counts("shop_price@SHOP_1"), [1, 0], "{name}");
        assert_eq!(counts("shop_price@SHOP_2"), [0, 1], "{name}");
        assert_eq!(counts("shop_price@@SHOP_2"), [0, 1], "{name}");
        refuse(of(&library, "shop_price@SHOP_3"), Kind::NotFound, &["no function 'shop_price@SHOP_3'"]);
    }
}

#[test]
fn static_functions_are_found_where_their_symbols_are() {
    let _serial = serial();
    for name in ["libshop.so", "libshop-packed.so"] {
        let library = built(name).to_str().unwrap().to_owned();
        assert_eq!(counts(&of(&library, "count_items"), &["shop_count=1", "shop_open=1"]), [1, 0], "{name}");
        assert_eq!(counts(&matching(&library, "^count_items$"), &["shop_count=1"]), [1], "{name}");
    }
    let bare = built("libshop-bare.so").to_str().unwrap().to_owned();
    refuse(of(&bare, "count_items"), Kind::NotFound, &["libshop-bare.so has no function 'count_items'"]);
}

#[test]
fn a_name_of_two_functions_is_not_guessed() {
    let _serial = serial();
    let two = ["libshop.so has 2 functions 'helper' (0x", "give an offset into the file, or { match: '^helper$' }"];
    refuse(of(&library(), "helper"), Kind::InvalidOpts, &two);
    assert_eq!(
        counts(&matching(&library(), "^helper$"), &["shop_help=1", "shop_help_more=1", "shop_open=1"]),
        [1, 1, 0]
    );
}

#[test]
fn functions_may_be_named_as_their_source_does() {
    let _serial = serial();
    let calls = ["_ZN4shop5Order5totalEi=1", "_ZN4shop5Order5totalEd=1", "_ZN4shop5stock4fill17h0123456789abcdefE=1"];
    let calls = [&calls[..], &["_ZN4shop6Basket3addEi=1", "_RNvNtCs1234_4shop5stock5empty=1"]].concat();
    let counts = |symbol| counts(&of(&library(), symbol), &calls);
    assert_eq!(counts("_ZN4shop5Order5totalEi"), [1, 0, 0, 0, 0]);
    assert_eq!(counts("shop::Order::total(double)"), [0, 1, 0, 0, 0]);
    assert_eq!(counts("shop::stock::fill"), [0, 0, 1, 0, 0]);
    assert_eq!(counts("shop::Basket::add"), [0, 0, 0, 1, 0], "without parameters");
    assert_eq!(counts("shop::stock::empty"), [0, 0, 0, 0, 1]);
    let overloads = ["2 functions 'shop::Order::total'", "'shop::Order::total(int)'", "name one of them in full"];
    refuse(of(&library(), "shop::Order::total"), Kind::InvalidOpts, &overloads);
    refuse(of(&library(), "shop::Basket::ad"), Kind::NotFound, &["did you mean shop::Basket::add?"]);
}

#[test]
fn a_pattern_takes_all_that_match_and_no_other() {
    let _serial = serial();
    let calls = ["shop_open=1", "shop_close=1", "shop_count=1", "_ZN4shop5Order5totalEi=1"];
    let calls = [&calls[..], &["_ZN4shop6Basket3addEi=1", "_ZN4shop5stock4fill17h0123456789abcdefE=1"]].concat();
    let counts = |source| counts(&matching(&library(), source), &calls);
    assert_eq!(counts("^shop_(open|close)$"), [1, 1, 0, 0, 0, 0]);
    assert_eq!(counts("^shop::"), [0, 0, 0, 1, 1, 1]);
    assert_eq!(counts("^shop::Order::"), [0, 0, 0, 1, 0, 0]);
    assert_eq!(counts("::fill$"), [0, 0, 0, 0, 0, 1]);
    let running = start(vec![("on_entry", vec![matching(&library(), "^shop::Order::")])]).unwrap();
    let state = running.programs().into_iter().find(|state| state.name == "on_entry").unwrap();
    let targets: Vec<_> = state.attached.iter().map(|place| place.target.as_str()).collect();
    let expected = |name| format!("{}:shop::Order::total({name})", library());
    assert_eq!(targets, [expected("int"), expected("double")]);
    assert!(state.attached.iter().all(|place| place.how == "uprobe_multi"));
}

#[test]
fn a_pattern_ignores_case_only_where_asked() {
    let _serial = serial();
    let mut target = matching(&library(), "^SHOP_OPEN$");
    refuse(target.clone(), Kind::NotFound, &["no function that /^SHOP_OPEN$/ matches"]);
    target.pattern.as_mut().unwrap().ignore_case = true;
    assert_eq!(counts(&target, &["shop_open=1", "shop_close=1"]), [1, 0]);
}

#[test]
fn patterns_that_cannot_be_are_refused_before_load() {
    let _serial = serial();
    refuse(
        matching(&library(), "(?<!x)shop"),
        Kind::InvalidOpts,
        &["program 'on_entry' cannot be attached: match is /(?<!x)shop/, but look-around", "not supported"],
    );
    let with_symbol = UprobeSpec { symbol: Some("shop_open".to_owned()), ..matching(&library(), "x") };
    refuse(with_symbol, Kind::InvalidOpts, &["match stands for whole functions"]);
}

#[test]
fn too_many_matches_are_refused() {
    let _serial = serial();
    let folder = built("many");
    fs::create_dir_all(&folder).unwrap();
    let source: String = (0..10_001).map(|n| format!(".globl f{n}\n.type f{n}, @function\nf{n}: nop\nret\n")).collect();
    fs::write(folder.join("many.s"), source).unwrap();
    let status =
        Command::new("gcc").args(["-shared", "-nostdlib", "-o", "many.so", "many.s"]).current_dir(&folder).status();
    assert!(status.unwrap().success());
    let many = folder.join("many.so").to_str().unwrap().to_owned();
    let fragments = ["/^f/ matches 10001 functions of", "more than the 10000 that one program can take", "narrow it"];
    refuse(matching(&many, "^f"), Kind::InvalidOpts, &fragments);
    let running = start(vec![("on_entry", vec![matching(&many, "^f1")])]).unwrap();
    assert_eq!(running.programs().iter().map(|state| state.attached.len()).sum::<usize>(), 1112);
}
