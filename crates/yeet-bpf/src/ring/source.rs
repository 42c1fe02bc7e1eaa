//! What the pump drains.

use std::os::fd::BorrowedFd;

use super::frames::Frames;
use crate::Result;

/// A buffer in shared memory that the kernel fills, with a descriptor that becomes readable when there is something in it.
pub(super) trait Source: Send {
    fn fd(&self) -> BorrowedFd<'_>;

    /// The bytes that fit into the buffer.
    fn size(&self) -> usize;

    /// The position up to which the kernel has handed out space, and the bytes between what was read and there.
    fn produced(&self) -> (u64, usize);

    /// Copies records before the position `until` into `frames`, and tells the kernel that their space is free.
    ///
    /// # Errors
    /// `Io` when the memory holds something that the kernel never writes; the source is of no use from then on.
    fn fill(&mut self, until: u64, frames: &mut Frames) -> Result<Filled>;
}

/// Why [`Source::fill`] returned, and what it met on the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Filled {
    pub(super) stop: Stop,
    /// Records that the kernel reported as lost.
    pub(super) lost: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The position was reached.
    Reached,
    /// The batch is full.
    Full,
    /// A program holds a record that it has not committed yet; those behind it wait.
    Busy,
}
