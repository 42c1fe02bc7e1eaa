//! Rejected programs: the usual mistakes, each really rejected by this kernel.

#[path = "../object_support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use support::{check, expect_error, fixture, in_child, only, open, serial};
use yeet_bpf::object::{self, SectionSpec};
use yeet_bpf::{Error, Kind};

fn reject(program: &str) -> Error {
    let opened = open("rejected.bpf.o");
    let spec = only(&opened, &[program]);
    expect_error(opened.start(spec), Kind::VerifierRejected, &["the kernel's verifier rejected", program])
}

/// The line of the fixture that has this text, as the message quotes it.
fn quoted(text: &str) -> String {
    let source = std::fs::read_to_string(fixture("rejected.bpf.c")).expect("the source is beside the object");
    let line =
        source.lines().position(|line| line.trim() == text).unwrap_or_else(|| panic!("{text} is not in the source"))
            + 1;
    format!("\n  at rejected.bpf.c:{line}: {text}\n")
}

fn assert_explained(program: &str, cause: &str, place: &str, hint: &str) {
    let error = reject(program);
    let message = error.message();
    assert!(message.lines().next().unwrap_or_default().contains(cause), "{cause:?} is not the cause in: {message}");
    assert!(message.contains(&quoted(place)), "{:?} is not in: {message}", quoted(place));
    assert!(message.contains("\n  hint: ") && message.contains(hint), "{hint:?} is not in: {message}");
    let tail = message.lines().skip_while(|line| !line.starts_with("last lines")).count();
    assert!((2..=13).contains(&tail), "{tail} lines of log in: {message}");
    assert_eq!(error.facts().program.as_deref(), Some(program));
    assert!(error.facts().errno.is_some() && error.facts().path.is_some());
    let log = error.facts().log.as_deref().expect("the whole log comes along");
    assert!(log.contains("processed ") && !log.contains("END PROG LOAD LOG"), "{log}");
}

macro_rules! rejected {
    ($($program:ident: $cause:literal at $place:literal, hint $hint:literal;)*) => {$(
        #[test]
        fn $program() {
            let _serial = serial();
            assert_explained(stringify!($program), $cause, $place, $hint);
        }
    )*};
}

rejected! {
    null_check: "R0 invalid mem access 'map_value_or_null'" at "*count += 1;", hint "bpf_map_lookup_elem() may return NULL";
    null_ring: "R0 invalid mem access 'ringbuf_mem_or_null'" at "event->value = 1;", hint "bpf_ringbuf_reserve() may return NULL";
    leaked_record: "Unreleased reference" at "if (position)", hint "bpf_ringbuf_submit()";
    out_of_bounds: "R0 unbounded memory access" at "event->text[position] = 1;", hint "upper bound";
    number_as_pointer: "R1 invalid mem access 'scalar'" at "return *(int *)(long)(*task + 5);", hint "bpf_probe_read_kernel()";
    endless: "infinite loop detected" at "while (1)", hint "constant bound";
    unbounded_length: "R2 min value is negative" at "bpf_probe_read_kernel(buffer, ctx[0], (void *)ctx[1]);", hint "unsigned";
    packet_bounds: "invalid access to packet" at "return data[0];", hint "data_end";
    wrong_context_field: "invalid bpf_context access off=4096" at "return *(int *)((char *)ctx + 4096);", hint "context's type";
    wrong_helper: "bpf_redirect" at "return bpf_redirect(1, 0);", hint "may not call that helper";
    wrong_argument: "R2 type=ctx expected=fp" at "bpf_map_update_elem(&counts, ctx, ctx, BPF_ANY);", hint "not the context";
    uninitialised: "R8 !read_ok" at "asm volatile(\"%0 = r8\" : \"=r\"(value));", hint "before it is set";
    constant_written: "write into map forbidden" at "*writable = 2;", hint ".rodata";
    wrong_return: "should have been in [0, 1]" at "return 42;", hint "values that this kind of program may return";
}

#[test]
fn a_member_that_the_kernel_lacks_is_a_co_re_failure() {
    let _serial = serial();
    let error = reject("missing_member");
    assert!(error.message().contains("task_struct.no_such_member"), "{error}");
    assert!(error.message().contains("bpf_core_field_exists()"), "{error}");
}

#[test]
fn nested_stacks_add_up() {
    let _serial = serial();
    let error = reject("too_much_stack");
    assert!(error.message().contains("combined stack size"), "{error}");
    assert!(error.message().contains("per-CPU array map"), "{error}");
}

#[test]
fn a_licence_that_is_not_gpl() {
    let _serial = serial();
    let opened = object::open(&fixture("proprietary.bpf.o")).unwrap();
    let error = expect_error(opened.start(Default::default()), Kind::VerifierRejected, &["GPL", "SEC(\"license\")"]);
    assert!(error.message().contains("proprietary.bpf.c:"), "{error}");
}

#[test]
fn an_unfrozen_format_string_asks_for_freeze() {
    let _serial = serial();
    let start = |freeze| {
        let opened = open("rejected.bpf.o");
        let mut spec = only(&opened, &["writable_format"]);
        spec.sections.push(SectionSpec { map: ".rodata".to_owned(), freeze, ..SectionSpec::default() });
        opened.start(spec)
    };
    expect_error(start(false), Kind::VerifierRejected, &["does not point to a readonly map", "freeze: true"]);
    start(true).expect("frozen, it loads");
}

#[test]
fn a_log_of_half_a_million_lines_stays_readable_and_whole() {
    let _serial = serial();
    let begun = Instant::now();
    let error = reject("too_complex");
    assert!(error.message().contains("BPF program is too large"), "{error}");
    assert!(error.message().contains("bpf_loop()"), "{error}");
    assert!(error.message().len() < 4000, "{}", error.message().len());
    let log = error.facts().log.as_deref().unwrap();
    assert!(log.len() > 16 << 20, "the buffer grew beyond libbpf's first one: {}", log.len());
    assert!(log.contains("\n; ") && log.trim_end().ends_with("mark_read 0"), "both ends are there");
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

/// Without room for a large log libbpf's own buffer serves, which grows.
#[test]
fn a_small_address_space_still_explains() {
    let _serial = serial();
    in_child("with_a_small_address_space", || {
        let limit = libc::rlimit { rlim_cur: 400 << 20, rlim_max: 400 << 20 };
        // SAFETY: the limit is a local that the call reads.
        check(unsafe { libc::setrlimit(libc::RLIMIT_AS, &limit) })
    });
}

#[test]
#[ignore = "run by a_small_address_space_still_explains in a process with that limit"]
fn with_a_small_address_space() {
    assert_explained(
        "null_check",
        "R0 invalid mem access 'map_value_or_null'",
        "*count += 1;",
        "bpf_map_lookup_elem() may return NULL",
    );
}
