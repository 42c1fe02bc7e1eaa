//! Where the arguments of a static probe are, and how programs want to be told.

/// What a probe passes: a number of so many bytes, with or without sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Argument {
    place: Place,
    is_signed: bool,
    /// Bits above the number in 8 bytes.
    shift: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// The number itself.
    Constant(i64),
    /// Offsets of registers are those in `struct pt_regs`.
    Register(u16),
    Memory {
        base: u16,
        offset: i64,
    },
    Indexed {
        base: u16,
        index: u16,
        /// The index counts 2 to the power of this.
        scale: u8,
        offset: i64,
    },
    /// In a place that programs cannot be told of.
    Unreadable,
}

/// How the headers that a program was built with lay out what it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Before libbpf 1.7.
    Old,
    New,
}

pub(super) const MAX_ARGUMENTS: usize = 12;

impl Layout {
    /// By the size of what is told of one probe.
    pub(super) fn of(size: usize) -> Option<Self> {
        [Self::Old, Self::New].into_iter().find(|layout| layout.size() == size)
    }

    const fn argument_size(self) -> usize {
        match self {
            Self::Old => 16,
            Self::New => 24,
        }
    }

    pub(super) const fn size(self) -> usize {
        MAX_ARGUMENTS * self.argument_size() + 16
    }

    /// What a program is told of a probe.
    pub(super) fn encode(self, arguments: &[Argument], cookie: u64) -> Vec<u8> {
        let arguments = &arguments[..arguments.len().min(MAX_ARGUMENTS)];
        let mut bytes = vec![0; self.size()];
        for (argument, bytes) in arguments.iter().zip(bytes.chunks_exact_mut(self.argument_size())) {
            argument.encode(self, bytes);
        }
        let behind = &mut bytes[MAX_ARGUMENTS * self.argument_size()..];
        behind[..8].copy_from_slice(&cookie.to_ne_bytes());
        behind[8..10].copy_from_slice(&(arguments.len() as i16).to_ne_bytes());
        bytes
    }
}

impl Argument {
    fn encode(&self, layout: Layout, bytes: &mut [u8]) {
        let (kind, value, register, indexed) = match (&self.place, layout) {
            (Place::Constant(value), _) => (0, *value, 0, None),
            (Place::Register(register), _) => (1, 0, *register, None),
            (Place::Memory { base, offset }, _) => (2, *offset, *base, None),
            (Place::Indexed { base, index, scale, offset }, Layout::New) => (3, *offset, *base, Some((index, scale))),
            // Programs then get EINVAL.
            (Place::Indexed { .. } | Place::Unreadable, _) => (0xff, 0, 0, None),
        };
        bytes[..8].copy_from_slice(&value.to_ne_bytes());
        bytes[8] = kind;
        if let Some((index, scale)) = indexed {
            bytes[10..12].copy_from_slice(&(index | u16::from(*scale) << 12).to_ne_bytes());
        }
        let behind = if layout == Layout::Old { 12 } else { 14 };
        bytes[behind..behind + 2].copy_from_slice(&register.to_ne_bytes());
        bytes[behind + 2] = u8::from(self.is_signed);
        bytes[behind + 3] = self.shift;
    }

    pub(super) fn is_readable(&self, layout: Layout) -> bool {
        match self.place {
            Place::Unreadable => false,
            Place::Indexed { .. } => layout == Layout::New,
            _ => true,
        }
    }
}

/// The arguments of a probe, from its note: `-4@%edi 8@16(%rsp)`.
pub(super) fn parse(arguments: &str) -> Vec<Argument> {
    arguments.split_ascii_whitespace().map(parse_one).collect()
}

fn parse_one(text: &str) -> Argument {
    let (size, place) = text.split_once('@').unwrap_or(("", text));
    let size: i64 = size.parse().unwrap_or(0);
    let place = match size.abs() {
        1 | 2 | 4 | 8 => parse_place(place).unwrap_or(Place::Unreadable),
        // Floating-point numbers, and what is wider than a register.
        _ => Place::Unreadable,
    };
    Argument { place, is_signed: size < 0, shift: (64 - 8 * size.abs()).clamp(0, 63) as u8 }
}

fn parse_place(text: &str) -> Option<Place> {
    if let Some(constant) = text.strip_prefix('$') {
        return constant.parse().ok().map(Place::Constant);
    }
    if text.starts_with('%') {
        return register(text).map(Place::Register);
    }
    // Offset, base, index, scale: 8(%rax,%rbx,4), of which all but the base may be left out.
    let (offset, inside) = text.strip_suffix(')')?.split_once('(')?;
    let offset = if offset.is_empty() { 0 } else { offset.parse().ok()? };
    let mut parts = inside.split(',').map(str::trim);
    let base = register(parts.next()?)?;
    let Some(index) = parts.next() else { return Some(Place::Memory { base, offset }) };
    let scale = match parts.next() {
        None | Some("1") => 0,
        Some("2") => 1,
        Some("4") => 2,
        Some("8") => 3,
        Some(_) => return None,
    };
    let is_all = parts.next().is_none();
    is_all.then_some(Place::Indexed { base, index: register(index)?, scale, offset })
}

/// Where in `struct pt_regs` of x86-64 a register is, by any of its names.
fn register(name: &str) -> Option<u16> {
    const NAMES: [(u16, [&str; 4]); 17] = [
        (0, ["r15", "r15d", "r15w", "r15b"]),
        (8, ["r14", "r14d", "r14w", "r14b"]),
        (16, ["r13", "r13d", "r13w", "r13b"]),
        (24, ["r12", "r12d", "r12w", "r12b"]),
        (32, ["rbp", "ebp", "bp", "bpl"]),
        (40, ["rbx", "ebx", "bx", "bl"]),
        (48, ["r11", "r11d", "r11w", "r11b"]),
        (56, ["r10", "r10d", "r10w", "r10b"]),
        (64, ["r9", "r9d", "r9w", "r9b"]),
        (72, ["r8", "r8d", "r8w", "r8b"]),
        (80, ["rax", "eax", "ax", "al"]),
        (88, ["rcx", "ecx", "cx", "cl"]),
        (96, ["rdx", "edx", "dx", "dl"]),
        (104, ["rsi", "esi", "si", "sil"]),
        (112, ["rdi", "edi", "di", "dil"]),
        (128, ["rip", "eip", "", ""]),
        (152, ["rsp", "esp", "sp", "spl"]),
    ];
    let name = name.strip_prefix('%').filter(|name| !name.is_empty())?;
    NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(offset, _)| *offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Place {
        parse_one(text).place
    }

    #[test]
    fn arguments_are_where_the_note_says() {
        assert_eq!(place("-4@%edi"), Place::Register(112));
        assert_eq!(place("1@%r8b"), Place::Register(72));
        assert_eq!(place("-4@$-9"), Place::Constant(-9));
        assert_eq!(place("8@(%rsp)"), Place::Memory { base: 152, offset: 0 });
        assert_eq!(place("8@-1204(%rbp)"), Place::Memory { base: 32, offset: -1204 });
        assert_eq!(place("2@4(%rax,%rbx)"), Place::Indexed { base: 80, index: 40, scale: 0, offset: 4 });
        assert_eq!(place("-1@-96(%rbp,%rax,8)"), Place::Indexed { base: 32, index: 80, scale: 3, offset: -96 });
        for odd in
            ["8@counter(%rip)", "16@%xmm0", "8f@%xmm0", "4@%st", "8@(%rax,%rbx,3)", "%rax", "8@", "@", "8@8(", "8@$x"]
        {
            assert_eq!(place(odd), Place::Unreadable, "{odd}");
        }
    }

    #[test]
    fn sizes_are_told_by_sign_and_shift() {
        let number = |text| (parse_one(text).is_signed, parse_one(text).shift);
        assert_eq!(number("-4@%edi"), (true, 32));
        assert_eq!(number("1@%al"), (false, 56));
        assert_eq!(number("8@%rax"), (false, 0));
        assert_eq!(number("-99999999999@%rax"), (true, 0));
    }

    #[test]
    fn each_layout_has_its_places() {
        let arguments = parse("-4@%edi 8@16(%rsp,%rax,2)");
        let old = Layout::Old.encode(&arguments, 7);
        assert_eq!((old.len(), &old[..16]), (208, &[0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 112, 0, 1, 32][..]));
        assert_eq!((old[24], old[192], old[200]), (0xff, 7, 2));
        let new = Layout::New.encode(&arguments, 7);
        assert_eq!((new.len(), new[8], new[14], new[16], new[17]), (304, 1, 112, 1, 32));
        assert_eq!((new[24], new[32], &new[34..36], new[38]), (16, 3, &[80, 0x10][..], 152));
        assert_eq!((new[288], new[296]), (7, 2));
        assert_eq!(Layout::of(208), Some(Layout::Old));
        assert_eq!(Layout::of(0), None);
        assert!(!arguments[1].is_readable(Layout::Old) && arguments[1].is_readable(Layout::New));
        let many = parse(&"8@%rax ".repeat(20));
        assert_eq!(Layout::Old.encode(&many, 0)[200], 12);
    }
}
