//! Strings that say where to attach, and the binaries that they lead to. The first byte chooses the reader.
#![no_main]

use std::fs::File;
use std::io::Write;
use std::os::fd::FromRawFd;

use libfuzzer_sys::fuzz_target;
use yeet_bpf::attach::fuzzing;

fuzz_target!(|data: &[u8]| {
    let Some((&reader, bytes)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(bytes);
    let (left, right) = text.split_once('\n').unwrap_or((&text, "main"));
    match reader % 6 {
        0 => fuzzing::section(left, right, u32::from(bytes.last().copied().unwrap_or(0)) * 7),
        1 => fuzzing::arguments(&text),
        2 => fuzzing::names(left, right),
        3 => fuzzing::libraries(bytes),
        4 => fuzzing::unpack(bytes),
        _ => {
            // SAFETY: a name that ends with a NUL; the descriptor is new and nobody else's.
            let mut file = unsafe { File::from_raw_fd(libc::memfd_create(c"binary".as_ptr(), libc::MFD_CLOEXEC)) };
            file.write_all(bytes).expect("memory");
            fuzzing::read_binary(&file);
        }
    }
});
