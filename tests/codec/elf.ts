import { Btf, type DataSection } from '../../js/btf/mod.ts';

/** As much of a compiled object as the codec's tests need: its types, and where its variables lie. */
export interface CompiledObject {
  readonly btf: Btf;
  /** The section that `btf` was parsed from. */
  readonly btfBytes: Uint8Array;
  /** A data section with the sizes and offsets that libbpf takes from the ELF, and its initial bytes. */
  section(name: string): { readonly section: DataSection; readonly bytes: Uint8Array };
}

interface Section {
  readonly name: string;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

const SHT_NOBITS = 8;

/** Reads a 64-bit little-endian BPF object. */
export function readObject(file: Uint8Array): CompiledObject {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const sections = readSections(file, view);
  const contents = ({ type, offset, size }: Section): Uint8Array =>
    type === SHT_NOBITS ? new Uint8Array(size) : file.slice(offset, offset + size);
  const find = (name: string): Section => {
    const found = sections.find((section) => section.name === name);
    if (found === undefined) throw new Error(`the object has no section ${name}`);
    return found;
  };
  const btfBytes = contents(find('.BTF'));
  const btf = Btf.parse(btfBytes);
  return {
    btf,
    btfBytes,
    section(name) {
      const section = find(name);
      const addresses = readSymbols(file, view, find('.symtab'), find('.strtab'));
      const raw = btf.section(name);
      if (raw === undefined) throw new Error(`the BTF has no section ${name}`);
      const vars = raw.vars.map((variable) => ({ ...variable, offset: addresses.get(variable.name) ?? Number.NaN }));
      vars.sort((a, b) => a.offset - b.offset);
      return { section: { name, size: section.size, vars }, bytes: contents(section) };
    },
  };
}

function readSections(file: Uint8Array, view: DataView): Section[] {
  const at = Number(view.getBigUint64(40, true));
  const count = view.getUint16(60, true);
  const header = (index: number) => {
    const start = at + index * 64;
    return {
      nameOffset: view.getUint32(start, true),
      type: view.getUint32(start + 4, true),
      offset: Number(view.getBigUint64(start + 24, true)),
      size: Number(view.getBigUint64(start + 32, true)),
    };
  };
  const names = header(view.getUint16(62, true)).offset;
  return Array.from({ length: count }, (_, index) => {
    const { nameOffset, ...section } = header(index);
    return { name: textAt(file, names + nameOffset), ...section };
  });
}

function readSymbols(file: Uint8Array, view: DataView, symbols: Section, strings: Section): Map<string, number> {
  const addresses = new Map<string, number>();
  for (let at = symbols.offset; at < symbols.offset + symbols.size; at += 24) {
    const name = textAt(file, strings.offset + view.getUint32(at, true));
    addresses.set(name, Number(view.getBigUint64(at + 8, true)));
  }
  return addresses;
}

function textAt(file: Uint8Array, offset: number): string {
  return new TextDecoder().decode(file.subarray(offset, file.indexOf(0, offset)));
}
