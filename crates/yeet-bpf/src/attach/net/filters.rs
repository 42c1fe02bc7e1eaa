//! The filters that an interface has, asked over rtnetlink: libbpf only looks up one whose numbers are known.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::FromRawFd;

use super::super::spec::Direction;

/// Parents of the filters of a clsact discipline, from the kernel's linux/pkt_sched.h.
const CLSACT_INGRESS: u32 = 0xffff_fff2;
const CLSACT_EGRESS: u32 = 0xffff_fff3;

/// Bytes of a `struct nlmsghdr` and of a `struct tcmsg`.
const HEADER: usize = 16;
const MESSAGE: usize = 20;

/// The priorities of an interface's filters in one direction, in the namespace that this thread is in. None where it has no clsact
/// discipline, or is gone.
pub(super) fn priorities(index: u32, direction: Direction) -> io::Result<Vec<u16>> {
    // SAFETY: takes three numbers; the descriptor that comes back is ours.
    let mut socket = unsafe {
        match libc::socket(libc::AF_NETLINK, libc::SOCK_RAW | libc::SOCK_CLOEXEC, libc::NETLINK_ROUTE) {
            fd @ 0.. => File::from_raw_fd(fd),
            _ => return Err(io::Error::last_os_error()),
        }
    };
    socket.write_all(&request(index, direction))?;
    let mut found = Vec::new();
    // The kernel fills at most this much per answer.
    let mut answer = vec![0; 64 << 10];
    loop {
        let length = socket.read(&mut answer)?;
        if take(&answer[..length], &mut found)? {
            return Ok(found);
        }
    }
}

fn request(index: u32, direction: Direction) -> Vec<u8> {
    let parent = match direction {
        Direction::Ingress => CLSACT_INGRESS,
        Direction::Egress => CLSACT_EGRESS,
    };
    let flags = (libc::NLM_F_REQUEST | libc::NLM_F_DUMP) as u16;
    let mut request = Vec::with_capacity(HEADER + MESSAGE);
    request.extend(((HEADER + MESSAGE) as u32).to_ne_bytes());
    request.extend(libc::RTM_GETTFILTER.to_ne_bytes());
    request.extend(flags.to_ne_bytes());
    // Number and sender of the message, the family: not needed.
    request.extend([0; 12]);
    request.extend(index.to_ne_bytes());
    request.extend(0_u32.to_ne_bytes());
    request.extend(parent.to_ne_bytes());
    request.extend(0_u32.to_ne_bytes());
    request
}

/// Takes the messages of one answer; true when it was the last.
fn take(mut answer: &[u8], found: &mut Vec<u16>) -> io::Result<bool> {
    let word = |bytes: &[u8], at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes);
    while let (Some(length), Some(kind)) = (word(answer, 0), word(answer, 4)) {
        let length = length as usize;
        if length < HEADER || length > answer.len() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        match i32::from(kind as u16) {
            libc::NLMSG_DONE => return Ok(true),
            libc::NLMSG_ERROR => {
                let errno = word(answer, HEADER).unwrap_or_default().cast_signed();
                return Err(io::Error::from_raw_os_error(-errno));
            }
            // The last word of the message holds the priority above the protocol.
            _ => found.extend(word(answer, HEADER + MESSAGE - 4).map(|info| (info >> 16) as u16)),
        }
        answer = &answer[length.next_multiple_of(4).min(answer.len())..];
    }
    Ok(false)
}
