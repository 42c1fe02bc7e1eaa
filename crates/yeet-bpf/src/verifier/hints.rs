//! The usual causes, by what the verifier says, and what helps.

use super::log::Log;

/// A hint applies where all its fragments occur in the cause (or, behind `code:`, in the failing instruction). The first that applies wins,
/// so the narrower ones come first.
struct Hint {
    fragments: &'static [&'static str],
    text: &'static str,
}

const fn hint(fragments: &'static [&'static str], text: &'static str) -> Hint {
    Hint { fragments, text }
}

/// The remedy for what the verifier complains of, if it is one of the usual complaints.
pub(super) fn find(log: &Log<'_>) -> Option<&'static str> {
    let cause = log.cause.as_deref()?;
    let code = log.code.unwrap_or_default();
    let occurs = |fragment: &&str| match fragment.strip_prefix("code:") {
        Some(fragment) => code.contains(fragment),
        None => cause.contains(*fragment),
    };
    HINTS.iter().find(|hint| hint.fragments.iter().all(occurs)).map(|hint| hint.text)
}

const HINTS: &[Hint] = &[
    // Hooks.
    hint(
        &["is not sleepable"],
        "on this kernel a program may not sleep at this hook: write its section without `.s`, and do without the helpers that sleep",
    ),
    hint(
        &["() is not modifiable"],
        "fmod_ret takes security_… functions and those that the kernel lets fail on purpose (/sys/kernel/debug/error_injection/list); to watch use fentry or fexit",
    ),
    // Pointers that may be NULL.
    hint(
        &["invalid mem access 'map_value_or_null'"],
        "bpf_map_lookup_elem() may return NULL: test the pointer before using it",
    ),
    hint(
        &["invalid mem access 'mem_or_null'"],
        "bpf_ringbuf_reserve() may return NULL: test the pointer before using it",
    ),
    hint(
        &["invalid mem access 'ringbuf_mem_or_null'"],
        "bpf_ringbuf_reserve() may return NULL: test the pointer before using it",
    ),
    hint(&["invalid mem access '", "_or_null"], "the pointer may be NULL: test it before using it"),
    hint(
        &["pointer arithmetic on", "_or_null prohibited"],
        "the pointer may be NULL: test it before computing with it",
    ),
    hint(&["type=", "_or_null", "expected="], "the pointer may be NULL: test it before passing it on"),
    hint(&["Possibly NULL pointer passed to"], "the pointer may be NULL: test it before passing it on"),
    // Kernel memory.
    hint(
        &["invalid mem access 'scalar'"],
        "the verifier takes this for a number, not a pointer: read kernel memory with BPF_CORE_READ() or bpf_probe_read_kernel(), user memory with bpf_probe_read_user()",
    ),
    hint(
        &["invalid mem access 'inv'"],
        "the verifier takes this for a number, not a pointer: read kernel memory with BPF_CORE_READ() or bpf_probe_read_kernel(), user memory with bpf_probe_read_user()",
    ),
    hint(
        &["access beyond struct"],
        "this kernel's struct is smaller than the one compiled for: use CO-RE (vmlinux.h, preserve_access_index)",
    ),
    hint(
        &["access beyond the end of member"],
        "the access goes past its member: use CO-RE, and read arrays element by element",
    ),
    hint(
        &["failed to resolve CO-RE relocation"],
        "this kernel's types lack that field or type: guard the access with bpf_core_field_exists() or bpf_core_type_exists()",
    ),
    hint(
        &["invalid CO-RE relocation"],
        "this kernel's types lack that field or type: guard the access with bpf_core_field_exists() or bpf_core_type_exists()",
    ),
    hint(
        &["must be referenced or trusted"],
        "the pointer was read out of a structure and may be stale: take it from the program's arguments or acquire a reference",
    ),
    hint(&["must be a rcu pointer"], "the pointer is valid only inside bpf_rcu_read_lock() and bpf_rcu_read_unlock()"),
    // Bounds.
    hint(
        &["invalid access to map value"],
        "the offset may lie outside the value: bound the index where it is used, for instance `if (i >= MAX) return 0;` or `i &= MAX - 1`",
    ),
    hint(&["invalid access to memory"], "the offset may lie outside the memory: bound it before the access"),
    hint(
        &["invalid access to packet"],
        "compare the end of the access with data_end first: `if ((void *)(header + 1) > data_end) return …;`",
    ),
    hint(
        &["unbounded memory access"],
        "give the length an upper bound first, for instance `if (len > sizeof(buf)) len = sizeof(buf);` or `len &= sizeof(buf) - 1`",
    ),
    hint(
        &["min value is negative"],
        "make the value unsigned, or test that it is not negative, before it is used as an index or length",
    ),
    hint(&["invalid zero-sized read"], "the length may be 0: test it, or make it at least 1"),
    hint(
        &["math between", "pointer and register with unbounded"],
        "bound the index from both sides before adding it to the pointer",
    ),
    hint(&["makes pointer be out of bounds"], "bound the index before adding it to the pointer"),
    hint(&["value", "makes", "pointer be out of bounds"], "bound the index before adding it to the pointer"),
    // The stack.
    hint(
        &["combined stack size"],
        "512 bytes of stack are for all nested calls together: keep large buffers in a per-CPU array map",
    ),
    hint(
        &["invalid indirect read from stack"],
        "part of the variable was never written (often padding): clear it first, `struct event e = {};` or __builtin_memset()",
    ),
    hint(&["invalid read from stack"], "the variable was never written: initialise it, `= {}` or __builtin_memset()"),
    hint(
        &["invalid write to stack"],
        "the write is outside the 512 bytes of stack: check the index, or keep the buffer in a per-CPU array map",
    ),
    hint(&["invalid stack"], "the access is outside the variable or the 512 bytes of stack: check index and length"),
    hint(
        &["variable", "stack access", "prohibited"],
        "a variable index into the stack is not allowed here: use a constant one, or keep the buffer in a map",
    ),
    // The context.
    hint(
        &["invalid bpf_context access"],
        "this field of the context does not exist for this kind of program, or is read with the wrong size: check the context's type",
    ),
    hint(
        &["dereference of modified ctx ptr"],
        "the context pointer has to be used with constant offsets: copy what you need into variables first",
    ),
    hint(
        &["type=ctx expected=fp"],
        "the helper wants memory of the program (stack, map value), not the context: copy into a variable first",
    ),
    hint(&["invalid argument access"], "the tracepoint or function has fewer arguments than the program reads"),
    // Registers and return values.
    hint(&["R0 !read_ok"], "some path returns without a value, or the variable is set on some paths only"),
    hint(
        &["!read_ok"],
        "a variable is used before it is set on some path, or after a call that clobbers it: initialise it",
    ),
    hint(
        &["At program exit the register R0", "should have been in"],
        "return one of the values that this kind of program may return",
    ),
    hint(
        &["At program exit the register R0"],
        "return one of the values that this kind of program may return (mostly 0 or 1)",
    ),
    hint(&["At subprogram exit the register R0"], "return one of the values that this kind of function may return"),
    hint(&["R0 leaks addr as return value"], "a pointer may not be returned: return a number"),
    hint(
        &["leaks addr into"],
        "a kernel pointer may not be stored where user space can read it; with CAP_PERFMON it may",
    ),
    hint(&["frame pointer is read only"], "r10 cannot be written; this does not come from C: check inline assembly"),
    // References and locks.
    hint(
        &["eference leak"],
        "on some path what was acquired is not released: call bpf_ringbuf_submit() or _discard(), bpf_sk_release(), … before every return",
    ),
    hint(
        &["Unreleased reference"],
        "on some path what was acquired is not released: call bpf_ringbuf_submit() or _discard(), bpf_sk_release(), … before every return",
    ),
    hint(
        &["function calls are not allowed while holding a lock"],
        "between bpf_spin_lock() and bpf_spin_unlock() no function may be called",
    ),
    hint(&["bpf_spin_unlock is missing"], "on some path bpf_spin_unlock() is missing before the return"),
    hint(
        &["bpf_spin_lock"],
        "a spin lock has to lie in a map value with BTF, one per value, and be taken and released on every path",
    ),
    hint(&["dynptr"], "a dynptr must be made, used and released by the helpers for it, and on every path"),
    // Helpers and kfuncs.
    hint(
        &["unknown func"],
        "this kernel, or this kind of program, does not have that helper: see bpf-helpers(7) for where it may be called",
    ),
    hint(
        &["program of this type cannot use helper"],
        "this kind of program may not call that helper: see bpf-helpers(7) for where it may be called",
    ),
    hint(
        &["GPL"],
        "declare a GPL-compatible licence: char LICENSE[] SEC(\"license\") = \"GPL\"; (Dual BSD/GPL and Dual MIT/GPL count too)",
    ),
    hint(
        &["helper call might sleep"],
        "the helper may sleep: use a sleepable section (SEC(\"….s/…\")) or another helper",
    ),
    hint(&["might sleep"], "what is called may sleep: use a sleepable section (SEC(\"….s/…\"))"),
    hint(&["kernel function", "is not allowed"], "this kind of program may not call that kernel function"),
    hint(
        &["is referenced but wasn't resolved"],
        "this kernel does not have that kernel function: declare it __weak __ksym and test it with bpf_ksym_exists()",
    ),
    hint(&["is referenced but wasn't created"], "the map was left out, so programs that use it must be left out too"),
    hint(
        &["does not point to a readonly map"],
        "the helper wants a constant string in a frozen section: bind .rodata with { kind: \"data\", freeze: true } or do not bind it",
    ),
    hint(
        &["write into map forbidden"],
        "the program writes into .rodata: drop const from the variable, or write to another one",
    ),
    hint(
        &["only read from bpf_array is supported"],
        "this kind of map cannot be accessed directly: use bpf_map_lookup_elem()",
    ),
    hint(&["cannot pass map_type"], "the helper does not work with this type of map"),
    hint(
        &["type=", "expected="],
        "the helper's argument has another type than it wants: see bpf-helpers(7) for the argument in that register (R1 is the first)",
    ),
    hint(
        &["tail_call"],
        "tail calls need a prog array known at load, and cannot be combined with some other features in one program",
    ),
    hint(
        &["BPF_STX uses reserved fields"],
        "kernels before 5.12 have no atomic operation but adding: do not use what __sync_fetch_and_add() returns, nor exchange or compare-and-swap",
    ),
    // Loops, size and shape.
    hint(
        &["BPF program is too large"],
        "the verifier walked a million instructions: shorten loops, use bpf_loop(), or move the body of a loop into a global function (not static)",
    ),
    hint(
        &["jumps is too complex"],
        "too many branches inside a loop: use bpf_loop(), or move the body into a global function (not static)",
    ),
    hint(
        &["infinite loop detected"],
        "the verifier cannot see the loop end: give it a constant bound and change the counter on every turn",
    ),
    hint(
        &["back-edge"],
        "kernels before 5.3 have no loops: unroll it with `#pragma unroll`; newer ones need a bound that the verifier can see",
    ),
    hint(&["loop"], "give the loop a constant bound, or use bpf_loop()"),
    hint(&["unreachable insn"], "there is code that cannot be reached: build with -O2"),
    hint(
        &["last insn is not an exit or jmp"],
        "the function ends without return: build with -O2, and look for undefined behaviour that made the compiler cut it",
    ),
    hint(&["jump out of range"], "a branch leaves its function: build with -O2"),
    hint(
        &["call stack of", "frames is too deep"],
        "at most 8 functions may be nested: inline some with __always_inline",
    ),
    hint(
        &["misaligned"],
        "the access is not aligned to its size: align the structure, or copy with __builtin_memcpy()",
    ),
    hint(&["div by zero"], "a division by the constant 0"),
    hint(&["pointer comparison prohibited"], "pointers of different kinds may not be compared"),
    hint(
        &["pointer arithmetic", "prohibited"],
        "this kind of pointer may not be computed with: copy what it points to first",
    ),
    // Functions and types.
    hint(
        &["Caller passes invalid args into func"],
        "the arguments do not fit the global function: make it static, or pass scalars, context or a pointer that is tested inside",
    ),
    hint(
        &["doesn't return scalar"],
        "a global function has to return a number: make it static, or change its return type",
    ),
    hint(
        &["arg#", "type"],
        "the argument types of this function do not fit what the kernel passes: compare it with the declaration",
    ),
    hint(&["attach_btf_id", "is not"], "the attach target is not what this kind of program attaches to"),
    hint(&["invalid BTF"], "the object's BTF does not suit this kernel: build with a recent clang and -g"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn hint_for(log: &str) -> &'static str {
        find(&Log::parse(log)).unwrap_or("none")
    }

    #[test]
    fn narrow_hints_win_over_wide_ones() {
        assert!(
            hint_for("6: (79) r1 = *(u64 *)(r0 +0)\nR0 invalid mem access 'map_value_or_null'\n")
                .contains("bpf_map_lookup_elem")
        );
        assert!(hint_for("6: (85) call x\nR1 type=ctx expected=fp, pkt, map_value\n").contains("not the context"));
        assert!(hint_for("6: (85) call x\nR1 type=scalar expected=map_ptr\n").contains("bpf-helpers(7)"));
        assert_eq!(hint_for("the moon is full\n"), "none");
    }

    #[test]
    fn every_hint_can_be_reached() {
        assert!(HINTS.len() >= 30);
        for hint in HINTS {
            let cause: Vec<&str> =
                hint.fragments.iter().copied().filter(|fragment| !fragment.starts_with("code:")).collect();
            let log = format!("{}\n", cause.join(" "));
            assert_eq!(
                find(&Log::parse(&log)).map(str::len),
                Some(hint.text.len()),
                "{:?} is shadowed by an earlier hint",
                hint.fragments
            );
        }
    }
}
