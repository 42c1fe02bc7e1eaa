//! What libbpf has to say. It never reaches the terminal raw: it is collected per thread and made into errors.

use std::cell::RefCell;
use std::ffi::c_char;
use std::sync::Once;

/// A verifier log is kept whole up to this size (bytes); of a longer one the beginning and the end are kept.
const MAX_MESSAGE: usize = 32 << 20;

thread_local! {
    static COLLECTED: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// libbpf's warnings of one call, in order, without its prefix.
#[derive(Debug, Default)]
pub(crate) struct Prints(Vec<String>);

impl Prints {
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The text behind the first occurrence of `prefix` at the start of a message.
    pub(crate) fn after<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter_map(move |message| message.strip_prefix(prefix))
    }

    /// All of it in one line, for an error that has nothing better to say.
    pub(crate) fn summary(&self) -> String {
        let lines: Vec<_> = self
            .iter()
            .map(|message| message.lines().next().unwrap_or_default())
            .filter(|line| !line.is_empty())
            .collect();
        match lines.is_empty() {
            true => "no reason given".to_owned(),
            false => lines.join("; "),
        }
    }
}

/// Runs `call` and returns with its result what libbpf warned of meanwhile on this thread.
pub(crate) fn collect<T>(call: impl FnOnce() -> T) -> (T, Prints) {
    install();
    let outer = COLLECTED.with(|collected| collected.borrow_mut().replace(Vec::new()));
    let result = call();
    let prints = COLLECTED.with(|collected| collected.replace(outer)).unwrap_or_default();
    (result, Prints(prints))
}

/// Silences libbpf for the whole process; what is not inside [`collect`] is dropped.
pub(crate) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // SAFETY: the callback has the signature that libbpf asks for, lives for ever and does not unwind.
        unsafe { libbpf_sys::libbpf_set_print(Some(on_print)) };
    });
}

unsafe extern "C" fn on_print(
    level: libbpf_sys::libbpf_print_level,
    format: *const c_char,
    arguments: *mut libbpf_sys::__va_list_tag,
) -> std::ffi::c_int {
    if level != libbpf_sys::LIBBPF_WARN {
        return 0;
    }
    COLLECTED.with(|collected| {
        // A message from inside a message cannot happen; if it does it is dropped rather than allowed to unwind into C.
        if let Ok(mut collected) = collected.try_borrow_mut()
            && let Some(messages) = collected.as_mut()
        {
            // SAFETY: libbpf passes a format and the arguments that belong to it, valid during this call.
            if let Ok(bytes) = unsafe { vsprintf::vsprintf_raw(format, arguments) } {
                messages.push(tidy(&bytes));
            }
        }
    });
    0
}

fn tidy(bytes: &[u8]) -> String {
    shorten(bytes.strip_prefix(b"libbpf: ").unwrap_or(bytes)).trim_end_matches('\n').to_owned()
}

/// Makes text of bytes; of more than anybody can read the middle is left out.
pub(crate) fn shorten(bytes: &[u8]) -> String {
    if bytes.len() <= MAX_MESSAGE {
        String::from_utf8_lossy(bytes).into_owned()
    } else {
        let (head, tail) = (&bytes[..MAX_MESSAGE / 2], &bytes[bytes.len() - MAX_MESSAGE / 2..]);
        let left_out = bytes.len() - head.len() - tail.len();
        format!("{}\n[{left_out} bytes left out]\n{}", String::from_utf8_lossy(head), String::from_utf8_lossy(tail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_collected_per_call_and_nested_calls_keep_theirs() {
        let ((), outer) = collect(|| {
            let (object, inner) = collect(|| {
                // SAFETY: libbpf copies what it needs of the buffer, which outlives the call; it is no ELF file, so no object comes back.
                unsafe { libbpf_sys::bpf_object__open_mem(c"not an ELF file".as_ptr().cast(), 15, std::ptr::null()) }
            });
            assert!(object.is_null());
            assert!(inner.summary().contains("not a proper ELF object"), "{}", inner.summary());
            assert!(!inner.summary().contains("libbpf:"));
        });
        assert_eq!(outer.iter().count(), 0);
    }

    #[test]
    fn a_huge_message_keeps_its_ends() {
        let mut huge = vec![b'x'; MAX_MESSAGE + 1000];
        huge[0] = b'a';
        *huge.last_mut().unwrap() = b'z';
        let text = tidy(&huge);
        assert!(text.starts_with('a') && text.ends_with('z') && text.contains("[1000 bytes left out]"));
    }
}
