//! `.gnu_debugdata`: the symbols that some distributions keep in stripped binaries, as a small ELF file inside xz.

use std::io::Read;

use lzma_rust2::XzReader;

/// Those of the largest packages unpack to some ten million bytes.
const MAX_SIZE: u64 = 256 << 20;
/// KiB. What the strongest preset of xz asks for.
const MAX_DICTIONARY: u32 = 66 << 10;

pub(super) fn unpack(packed: &[u8]) -> Result<Vec<u8>, String> {
    unpack_at_most(MAX_SIZE, packed)
}

fn unpack_at_most(size: u64, packed: &[u8]) -> Result<Vec<u8>, String> {
    let mut image = Vec::new();
    let reader = XzReader::new_mem_limit(packed, true, MAX_DICTIONARY);
    reader.take(size + 1).read_to_end(&mut image).map_err(|error| error.to_string())?;
    match image.len() as u64 > size {
        true => Err(format!("it unpacks to more than {} MiB", size >> 20)),
        false => Ok(image),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::process::{Command, Stdio};

    use super::*;

    fn pack(bytes: &[u8], options: &[&str]) -> Vec<u8> {
        let mut xz = Command::new("xz");
        xz.args(["--compress", "--stdout"]).args(options).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut xz = xz.spawn().unwrap();
        let mut input = xz.stdin.take().unwrap();
        std::thread::scope(|scope| {
            scope.spawn(move || input.write_all(bytes).unwrap());
            xz.wait_with_output().unwrap().stdout
        })
    }

    #[test]
    fn what_xz_packed_comes_out_again() {
        let bytes: Vec<u8> = (0..20_000u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
        for options in [&[][..], &["-9e"], &["--check=crc32", "-0"], &["--x86", "--lzma2"]] {
            assert_eq!(unpack(&pack(&bytes, options)).as_ref(), Ok(&bytes), "{options:?}");
        }
    }

    #[test]
    fn broken_data_is_an_error() {
        let packed = pack(&[7; 5000], &[]);
        for length in 0..packed.len() {
            unpack(&packed[..length]).unwrap_err();
        }
        for at in 0..packed.len() {
            let mut wild = packed.clone();
            wild[at] ^= 0x55;
            let _ = unpack(&wild);
        }
    }

    #[test]
    fn a_bomb_is_an_error() {
        let bomb = pack(&vec![0; 3 << 20], &["-0"]);
        assert!(bomb.len() < 3000);
        assert!(unpack_at_most(1 << 20, &bomb).unwrap_err().contains("more than 1 MiB"));
        assert_eq!(unpack_at_most(3 << 20, &bomb).unwrap().len(), 3 << 20);
        let greedy = pack(b"small", &["--lzma2=dict=1GiB"]);
        assert!(unpack(&greedy).unwrap_err().contains("memory"), "{:?}", unpack(&greedy));
    }
}
