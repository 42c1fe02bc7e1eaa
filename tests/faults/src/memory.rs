//! What a stopped program's arguments point to.

use std::io::IoSliceMut;

use nix::sys::uio::{RemoteIoVec, process_vm_readv};
use nix::unistd::Pid;

/// The bytes at an address of another process, fewer where its memory ends.
pub(crate) fn read(pid: Pid, address: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    // A read across the end of a mapping gives what is before it.
    let remote = [RemoteIoVec { base: address as usize, len: length }];
    let count = process_vm_readv(pid, &mut [IoSliceMut::new(&mut bytes)], &remote).unwrap_or(0);
    bytes.truncate(count);
    bytes
}

/// A string up to its NUL.
pub(crate) fn read_path(pid: Pid, address: u64) -> String {
    const PAGE: u64 = 4096;
    // Up to the end of its page, then the next one: the one after may not be there.
    let first = (PAGE - address % PAGE) as usize;
    let mut bytes = read(pid, address, first);
    if !bytes.contains(&0) {
        bytes.extend(read(pid, address + first as u64, PAGE as usize));
    }
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}
