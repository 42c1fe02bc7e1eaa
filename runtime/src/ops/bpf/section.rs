//! Data sections.

use std::sync::Arc;

use deno_core::{OpState, op2};
use yeet_bpf::error::Kind;
use yeet_bpf::map::{Section, Store};

use super::error::{OpError, Result};
use super::state::{BoundMap, BpfState};

/// Copies the whole section into `out`.
#[op2(fast)]
pub(crate) fn op_bpf_section_read(state: &OpState, map: u32, #[buffer] out: &mut [u8]) -> Result<()> {
    Ok(section(state.borrow::<BpfState>().map(map)?)?.read(out)?)
}

/// Writes the stores that js/bpf/data_sec.ts packed, all or none.
#[op2(fast)]
pub(crate) fn op_bpf_section_store(state: &OpState, map: u32, #[buffer] packed: &[u8]) -> Result<()> {
    let stores = unpack(packed)
        .ok_or_else(|| OpError::new(Kind::InvalidValue, "the packed stores are cut short; this is a bug in yeet"))?;
    Ok(section(state.borrow::<BpfState>().map(map)?)?.store(&stores)?)
}

fn section(bound: &BoundMap) -> Result<&Section> {
    if let Some(section) = bound.section.get() {
        return Ok(section);
    }
    let section = Section::new(Arc::clone(&bound.map))?;
    Ok(bound.section.get_or_init(|| section))
}

/// Per store: u32 offset, u32 length, u32 1 when a mask follows, the bytes, the mask.
fn unpack(mut packed: &[u8]) -> Option<Vec<Store<'_>>> {
    let mut stores = Vec::new();
    while !packed.is_empty() {
        let offset = take_u32(&mut packed)?;
        let length = take_u32(&mut packed)? as usize;
        let masked = take_u32(&mut packed)? != 0;
        let bytes = packed.split_off(..length)?;
        let mask = if masked { Some(packed.split_off(..length)?) } else { None };
        stores.push(Store { offset, bytes, mask });
    }
    Some(stores)
}

fn take_u32(packed: &mut &[u8]) -> Option<u32> {
    let bytes = packed.split_off(..4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_come_back_as_packed() {
        let packed = [8, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7, 9, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0x30, 0xF0];
        let stores = unpack(&packed).unwrap();
        let parts: Vec<_> = stores.iter().map(|store| (store.offset, store.bytes, store.mask)).collect();
        assert_eq!(parts, [(8, &[7, 9][..], None), (1, &[0x30][..], Some(&[0xF0][..]))]);
    }

    #[test]
    fn cut_stores_are_refused() {
        let packed = [8, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 7, 9, 1];
        for length in 1..packed.len() {
            assert!(unpack(&packed[..length]).is_none(), "{length} bytes");
        }
    }
}
