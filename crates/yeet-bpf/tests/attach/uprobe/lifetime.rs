//! How probes end: quickly, and without a trace.

use std::fs;
use std::time::{Duration, Instant};

use super::*;
use crate::shop::{Talker, built};

/// A hundred functions of the C library.
fn hundred_functions() -> Vec<UprobeSpec> {
    let output =
        Command::new("nm").args(["-D", "--defined-only", "/lib/x86_64-linux-gnu/libc.so.6"]).output().unwrap().stdout;
    let text = String::from_utf8(output).unwrap();
    let names: Vec<_> =
        text.lines().filter_map(|line| line.split_once(" T ")).map(|(_, name)| name.replace("@@", "@")).collect();
    let targets: Vec<_> = names.iter().filter(|name| !name.starts_with('_')).take(100).map(|name| libc(name)).collect();
    assert_eq!(targets.len(), 100);
    targets
}

fn stop_within(running: &mut Running, limit: Duration) {
    let begun = Instant::now();
    running.stop().unwrap();
    let took = begun.elapsed();
    println!("stopped in {took:?}");
    assert!(took < limit, "{took:?}");
}

#[test]
fn a_hundred_targets_stop_quickly() {
    let _serial = serial();
    let mut running = start(vec![("on_entry", hundred_functions())]).unwrap();
    stop_within(&mut running, Duration::from_millis(300));
}

#[test]
fn a_hundred_programs_stop_quickly() {
    let _serial = serial();
    let before = descriptors();
    let attach = hundred_functions()
        .into_iter()
        .enumerate()
        .map(|(at, target)| (format!("probe_{at:02}"), AttachSpec::Uprobe(vec![target])))
        .collect();
    let mut running = open("hundred.bpf.o").start(StartSpec { attach, ..StartSpec::default() }).unwrap();
    assert_eq!(running.programs().iter().map(|state| state.attached.len()).sum::<usize>(), 100);
    stop_within(&mut running, Duration::from_secs(1));
    assert_eq!(descriptors(), before);
}

#[test]
fn a_target_process_may_end_meanwhile() {
    let _serial = serial();
    let before = descriptors();
    let customer = Talker::customer(&library());
    let one = UprobeSpec { pid: Some(customer.pid()), ..of(&library(), "shop_open") };
    let mut running = start(vec![("on_entry", vec![one]), ("on_return", vec![of(&library(), "shop_open")])]).unwrap();
    drop(customer);
    shop(&library(), &["shop_open=1x5"]);
    assert_eq!((counter(&running, ENTRIES), counter(&running, RETURNS)), (0, 5), "the other probe goes on");
    running.stop().unwrap();
    assert_eq!(descriptors(), before);
}

#[test]
fn a_replaced_library_leaves_the_old_one_probed() {
    let _serial = serial();
    let before = descriptors();
    let path = built("replaced.so").to_str().unwrap().to_owned();
    fs::copy(library(), &path).unwrap();
    let mut old = Talker::customer(&path);
    let mut running = start(vec![("on_entry", vec![of(&path, "shop_open")])]).unwrap();
    old.ask("shop_open=1");
    assert_eq!(counter(&running, ENTRIES), 1);

    let next = built("next.so");
    fs::copy(library(), &next).unwrap();
    fs::rename(&next, &path).unwrap();
    old.ask("shop_open=1");
    assert_eq!(counter(&running, ENTRIES), 2, "who has the old file goes on being seen");
    shop(&path, &["shop_open=1"]);
    assert_eq!(counter(&running, ENTRIES), 2, "the new file is another");
    running.stop().unwrap();
    old.ask("shop_open=1");

    let one = |customer: &Talker| UprobeSpec { pid: Some(customer.pid()), ..of(&path, "shop_open") };
    let late = start(vec![("on_entry", vec![one(&old)])]).unwrap();
    let warning = format!("program 'on_entry': process {} still runs an older", old.pid());
    assert!(late.warnings().iter().any(|said| said.starts_with(&warning)), "{:?}", late.warnings());
    drop(late);
    let new = Talker::customer(&path);
    assert_eq!(start(vec![("on_entry", vec![one(&new)])]).unwrap().warnings(), [""; 0]);
    drop(new);

    let running = start(vec![("on_entry", vec![of(&path, "shop_open")])]).unwrap();
    shop(&path, &["shop_open=1"]);
    old.ask("shop_open=1");
    assert_eq!(counter(&running, ENTRIES), 1, "a new start probes the new file");
    drop((running, old));
    fs::remove_file(&path).unwrap();
    assert_eq!(descriptors(), before);
}
