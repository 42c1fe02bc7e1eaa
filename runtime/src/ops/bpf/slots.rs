//! A table of things that JavaScript names by number. A number of something that is gone is never taken for something newer.

/// Bits of a handle that are the index; the rest counts how often the slot was used.
const INDEX_BITS: u32 = 20;
const INDEX_MASK: u32 = (1 << INDEX_BITS) - 1;

#[derive(Debug)]
pub(crate) struct Slots<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Slot<T> {
    generation: u32,
    value: Option<T>,
}

impl<T> Default for Slots<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }
}

impl<T> Slots<T> {
    /// Puts `value` into a slot and returns its handle; `None` when a million are in use.
    pub(crate) fn insert(&mut self, value: T) -> Option<u32> {
        if let Some(index) = self.free.pop() {
            let slot = &mut self.slots[index as usize];
            slot.value = Some(value);
            return Some(slot.generation << INDEX_BITS | index);
        }
        let index = u32::try_from(self.slots.len()).ok().filter(|&index| index <= INDEX_MASK)?;
        self.slots.push(Slot { generation: 0, value: Some(value) });
        Some(index)
    }

    pub(crate) fn get(&self, handle: u32) -> Option<&T> {
        let slot = self.slots.get((handle & INDEX_MASK) as usize)?;
        if slot.generation == handle >> INDEX_BITS { slot.value.as_ref() } else { None }
    }

    pub(crate) fn remove(&mut self, handle: u32) -> Option<T> {
        let index = handle & INDEX_MASK;
        let slot = self.slots.get_mut(index as usize)?;
        if slot.generation != handle >> INDEX_BITS {
            return None;
        }
        let value = slot.value.take()?;
        slot.generation += 1;
        // A slot whose counter has run out stays empty.
        if slot.generation <= u32::MAX >> INDEX_BITS {
            self.free.push(index);
        }
        Some(value)
    }

    /// Removes whatever `gone` says.
    pub(crate) fn remove_if(&mut self, gone: impl Fn(&T) -> bool) {
        let handles: Vec<u32> = self.iter().filter(|(_, value)| gone(value)).map(|(handle, _)| handle).collect();
        for handle in handles {
            self.remove(handle);
        }
    }

    pub(crate) fn into_values(self) -> Vec<T> {
        self.slots.into_iter().filter_map(|slot| slot.value).collect()
    }

    pub(crate) fn len(&self) -> usize {
        self.slots.iter().filter(|slot| slot.value.is_some()).count()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.slots
            .iter()
            .zip(0_u32..)
            .filter_map(|(slot, index)| Some((slot.generation << INDEX_BITS | index, slot.value.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_handle_finds_nothing() {
        let mut slots = Slots::default();
        let first = slots.insert("first").unwrap();
        assert_eq!(slots.remove(first), Some("first"));
        let second = slots.insert("second").unwrap();
        assert_ne!(first, second);
        assert_eq!((slots.get(first), slots.get(second)), (None, Some(&"second")));
        assert_eq!(slots.remove(first), None);
        assert_eq!(slots.get(u32::MAX), None);
    }

    #[test]
    fn a_slot_is_used_a_bounded_number_of_times() {
        let mut slots = Slots::default();
        let mut seen = std::collections::HashSet::new();
        for round in 0..10_000 {
            let handle = slots.insert(round).unwrap();
            assert!(seen.insert(handle), "handle {handle} came twice");
            slots.remove(handle);
        }
        assert!(slots.slots.len() <= 4, "slots are reused");
    }

    #[test]
    fn some_are_removed() {
        let mut slots = Slots::default();
        let handles = [1, 2, 3, 4].map(|number| slots.insert(number).unwrap());
        slots.remove_if(|number| number % 2 == 0);
        assert_eq!(handles.map(|handle| slots.get(handle).copied()), [Some(1), None, Some(3), None]);
        assert_eq!(slots.len(), 2);
    }
}
