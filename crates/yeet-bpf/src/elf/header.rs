//! The ELF header: is this a BPF object at all?

use object::LittleEndian;
use object::elf::{self, FileHeader64, Machine};
use object::read::ReadRef;

use super::{Checked, refuse};

pub(super) type Header = FileHeader64<LittleEndian>;

const BUILD: &str = "build it with clang -g -O2 -target bpf";

pub(super) fn check(image: &[u8]) -> Checked<&Header> {
    if image.is_empty() {
        refuse!("the file is empty");
    }
    if !image.starts_with(&elf::ELFMAG) {
        if looks_like_text(image) {
            refuse!("not an ELF file but text; if this is the C source, {BUILD}");
        }
        refuse!("not an ELF file");
    }
    let ident = |at: usize| image.get(at).copied().unwrap_or(0);
    if ident(4) == elf::ELFCLASS32.0 {
        refuse!("a 32-bit ELF file, not a BPF object ({BUILD})");
    }
    if ident(4) != elf::ELFCLASS64.0 {
        refuse!("ELF class {} does not exist", ident(4));
    }
    if ident(5) == elf::ELFDATA2MSB.0 {
        refuse!("built for big-endian machines; {BUILD}el");
    }
    if ident(5) != elf::ELFDATA2LSB.0 {
        refuse!("ELF byte order {} does not exist", ident(5));
    }
    let Ok(header) = image.read_at::<Header>(0) else {
        refuse!("the ELF header is cut short: {} of 64 bytes", image.len());
    };
    let le = LittleEndian;
    let machine = header.e_machine.get(le);
    if machine != elf::EM_BPF {
        refuse!("built for {}, not for BPF ({BUILD})", machine_name(machine));
    }
    match header.e_type.get(le) {
        elf::ET_REL => {}
        elf::ET_EXEC | elf::ET_DYN => refuse!("a linked program, not an object file; {BUILD} -c, without linking"),
        other => refuse!("ELF type {} is not that of an object file", other.0),
    }
    if header.e_ehsize.get(le) != 64 {
        refuse!("the ELF header says that it is {} bytes long, not 64", header.e_ehsize.get(le));
    }
    let program_headers = u64::from(header.e_phnum.get(le)) * u64::from(header.e_phentsize.get(le));
    if program_headers != 0
        && header.e_phoff.get(le).checked_add(program_headers).is_none_or(|end| end > image.len() as u64)
    {
        refuse!("the program headers lie outside the file");
    }
    Ok(header)
}

fn looks_like_text(image: &[u8]) -> bool {
    let head = &image[..image.len().min(512)];
    head.iter().all(|&byte| byte >= 0x20 || matches!(byte, b'\t' | b'\n' | b'\r'))
}

fn machine_name(machine: Machine) -> String {
    let name = match machine {
        elf::EM_386 => "x86",
        elf::EM_X86_64 => "x86-64",
        elf::EM_ARM => "Arm",
        elf::EM_AARCH64 => "AArch64",
        elf::EM_RISCV => "RISC-V",
        elf::EM_PPC64 => "PowerPC 64",
        elf::EM_S390 => "s390",
        elf::EM_MIPS => "MIPS",
        elf::EM_LOONGARCH => "LoongArch",
        elf::EM_NONE => "no machine",
        other => return format!("ELF machine {}", other.0),
    };
    name.to_owned()
}
