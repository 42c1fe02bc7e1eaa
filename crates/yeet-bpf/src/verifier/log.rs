//! Taking the verifier's log apart.

/// A line of C that the verifier quoted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Quote<'a> {
    pub(super) text: &'a str,
    /// File and line; kernels before 6.9 do not write them.
    pub(super) place: Option<(&'a str, u32)>,
}

/// What matters of a log.
#[derive(Debug)]
pub(super) struct Log<'a> {
    /// What the verifier said last, in one line.
    pub(super) cause: Option<String>,
    /// The failing instruction, by its number in the program.
    pub(super) instruction: Option<u64>,
    /// The instruction's text.
    pub(super) code: Option<&'a str>,
    /// The quote that the instruction belongs to.
    pub(super) source: Option<Quote<'a>>,
    /// Lines of the whole log.
    pub(super) line_count: usize,
    meaningful: Vec<&'a str>,
}

/// What a line of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    /// `12: (85) call bpf_map_lookup_elem#1`
    Instruction { number: u64, code: &'a str },
    /// `; if (!value) @ probe.bpf.c:12`
    Quote(&'a str),
    /// Registers, precision tracking, statistics: of use only to who debugs the verifier.
    Noise,
    /// Everything else: what the verifier has to say.
    Message(&'a str),
}

impl<'a> Log<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let lines: Vec<Line<'a>> =
            text.lines().map(str::trim_end).filter(|line| !line.is_empty()).map(classify).collect();
        // The last things said, which stand together.
        let end = lines.iter().rposition(|line| matches!(line, Line::Message(_))).map_or(0, |at| at + 1);
        let start = lines[..end].iter().rposition(|line| !matches!(line, Line::Message(_))).map_or(0, |at| at + 1);
        let messages: Vec<&str> = lines[start..end]
            .iter()
            .filter_map(|line| match line {
                Line::Message(message) => Some(message.trim()),
                _ => None,
            })
            .collect();
        let cause = (!messages.is_empty()).then(|| messages[messages.len().saturating_sub(3)..].join("; "));

        let failing = lines[..start].iter().enumerate().rev().find_map(|(at, line)| match line {
            Line::Instruction { number, code } => Some((at, *number, *code)),
            _ => None,
        });
        let source = failing.and_then(|(at, ..)| {
            lines[..at].iter().rev().find_map(|line| match line {
                Line::Quote(quote) => Some(parse_quote(quote)),
                _ => None,
            })
        });
        Self {
            instruction: failing.map(|(_, number, _)| number).or_else(|| named_instruction(cause.as_deref()?)),
            code: failing.map(|(.., code)| code),
            source,
            cause,
            line_count: text.lines().count(),
            meaningful: text
                .lines()
                .map(str::trim_end)
                .filter(|line| !line.is_empty() && classify(line) != Line::Noise)
                .collect(),
        }
    }

    /// The last lines that say something, at most `count`.
    pub(super) fn tail(&self, count: usize) -> &[&'a str] {
        &self.meaningful[self.meaningful.len().saturating_sub(count)..]
    }
}

fn classify(line: &str) -> Line<'_> {
    if let Some(quote) = line.strip_prefix(';') {
        // Code that the compiler made up comes from no line: `;  @ probe.bpf.c:0`.
        let quote = quote.trim();
        return if quote.starts_with('@') { Line::Noise } else { Line::Quote(quote) };
    }
    if let Some((number, rest)) = line.split_once(": ")
        && let Ok(number) = number.trim().parse()
    {
        // libbpf puts `<invalid CO-RE relocation>` in the place of an instruction that it could not fit to the kernel.
        return match rest.starts_with(['(', '<']) {
            true => Line::Instruction { number, code: rest },
            false => Line::Noise,
        };
    }
    match is_noise(line) {
        true => Line::Noise,
        false => Line::Message(line),
    }
}

fn is_noise(line: &str) -> bool {
    const STARTS: [&str; 20] = [
        "processed ",
        "verification time ",
        "stack depth ",
        "max_states",
        "func#",
        "from ",
        "mark_precise",
        "last_idx ",
        "first_idx ",
        "regs=",
        "parent ",
        "parent didn't have ",
        "old state:",
        "cur state:",
        "caller:",
        "callee:",
        "returning from callee",
        "to caller at",
        "propagating ",
        "Validating ",
    ];
    let line = line.trim_start();
    // ` R0=inv0 R1_w=ctx(id=0,off=0,imm=0) R10=fp0`, but not `R0 invalid mem access`.
    let is_register_state = line.split_ascii_whitespace().next().is_some_and(|first| {
        first.starts_with('R')
            && first[1..].starts_with(|c: char| c.is_ascii_digit())
            && first.contains('=')
            && !first.ends_with('=')
    }) && !line.contains("expected")
        && !line.contains("invalid");
    // Said of any program whose context has no type of its own.
    let is_untyped_argument = line.starts_with("arg#") && line.contains("size cannot be determined");
    // ` frame1: R0=…`, but not `frame pointer is read only`.
    let is_frame = line.strip_prefix("frame").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    is_register_state
        || is_frame
        || is_untyped_argument
        || STARTS.iter().any(|start| line.starts_with(start))
        || line == "safe"
        || line.starts_with("calling ") && line.ends_with(" function")
}

fn parse_quote(quote: &str) -> Quote<'_> {
    let place = quote.rsplit_once(" @ ").and_then(|(text, place)| {
        let (file, line) = place.rsplit_once(':')?;
        Some((text, file, line.parse().ok()?))
    });
    match place {
        Some((text, file, line)) => Quote { text: text.trim(), place: Some((file, line)) },
        None => Quote { text: quote, place: None },
    }
}

/// `back-edge from insn 5 to 3` is said without showing the instruction.
fn named_instruction(cause: &str) -> Option<u64> {
    let (_, rest) = cause.split_once("insn ")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NULL_CHECK: &str = "\
0: R1=ctx() R10=fp0
; __u64 *count = bpf_map_lookup_elem(&counts, &key); @ probe.bpf.c:21
5: (85) call bpf_map_lookup_elem#1    ; R0_w=map_value_or_null(id=1,map=counts,ks=4,vs=8)
; *count += 1; @ probe.bpf.c:22
6: (79) r1 = *(u64 *)(r0 +0)
R0 invalid mem access 'map_value_or_null'
processed 7 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
";

    #[test]
    fn the_cause_and_its_place_are_found() {
        let log = Log::parse(NULL_CHECK);
        assert_eq!(log.cause.as_deref(), Some("R0 invalid mem access 'map_value_or_null'"));
        assert_eq!(log.instruction, Some(6));
        assert_eq!(log.code, Some("(79) r1 = *(u64 *)(r0 +0)"));
        assert_eq!(log.source, Some(Quote { text: "*count += 1;", place: Some(("probe.bpf.c", 22)) }));
        assert_eq!(log.line_count, 7);
        assert_eq!(log.tail(2), ["6: (79) r1 = *(u64 *)(r0 +0)", "R0 invalid mem access 'map_value_or_null'"]);
    }

    #[test]
    fn a_log_of_an_old_kernel_has_no_file_and_line() {
        let log = Log::parse(
            "; *count += 1;\n6: (79) r1 = *(u64 *)(r0 +0)\n R0=map_value_or_null(id=1,off=0) R10=fp0\nR0 invalid mem access 'map_value_or_null'\n",
        );
        assert_eq!(log.source, Some(Quote { text: "*count += 1;", place: None }));
        assert_eq!(log.cause.as_deref(), Some("R0 invalid mem access 'map_value_or_null'"));
    }

    #[test]
    fn what_is_said_without_an_instruction_may_name_one() {
        let log = Log::parse("back-edge from insn 5 to 3\nprocessed 0 insns (limit 1000000)\n");
        assert_eq!(log.instruction, Some(5));
        assert_eq!(log.code, None);
        assert!(Log::parse("").cause.is_none());
        assert!(Log::parse("processed 0 insns (limit 1000000)\n").cause.is_none());
    }

    #[test]
    fn lines_that_stand_together_are_one_cause() {
        let log = Log::parse(
            "9: (95) exit\nUnreleased reference id=2 alloc_insn=5\nBPF_EXIT instruction in main prog would lead to reference leak\n",
        );
        assert_eq!(
            log.cause.as_deref(),
            Some(
                "Unreleased reference id=2 alloc_insn=5; BPF_EXIT instruction in main prog would lead to reference leak"
            )
        );
        assert_eq!(log.instruction, Some(9));
    }
}
