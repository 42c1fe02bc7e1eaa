import { BtfError } from './errors.ts';
import {
  CLASSIC_LAYOUTS,
  HEADER_BYTES,
  HEADER_BYTES_WITH_LAYOUT,
  Kind,
  type KindLayout,
  MAGIC,
  TYPE_BYTES,
} from './format.ts';

/** A checked BTF: where its types lie, and that every id and name in them is in range. */
export interface Parsed {
  /** The type section. */
  readonly types: DataView;
  /** The string section: NUL-terminated names, at least one byte. */
  readonly strings: Uint8Array;
  /** Byte offset in `types` of each type id; index 0 is void and has no bytes. */
  readonly offsets: Uint32Array;
}

interface Header {
  readonly types: DataView;
  readonly strings: Uint8Array;
  readonly layouts: readonly KindLayout[];
}

/** Reads the header and walks all types once. Throws a BtfError that names the first fault. */
export function parse(bytes: Uint8Array): Parsed {
  const { types, strings, layouts } = readHeader(bytes);
  const offsets = walk(types, layouts);
  for (let id = 1; id < offsets.length; id++) checkReferences(types, offsets, id, strings.length);
  return { types, strings, offsets };
}

function readHeader(bytes: Uint8Array): Header {
  if (bytes.byteLength < HEADER_BYTES) {
    throw new BtfError(`BTF of ${bytes.byteLength} bytes is too short for its header of ${HEADER_BYTES}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint16(0, true);
  if (magic !== MAGIC) {
    const swapped = view.getUint16(0, false) === MAGIC;
    throw new BtfError(
      swapped
        ? 'BTF is big-endian; compile with -target bpfel'
        : `not BTF: magic 0x${magic.toString(16)} instead of 0x${MAGIC.toString(16)}`,
    );
  }
  const version = view.getUint8(2);
  if (version !== 1) throw new BtfError(`BTF version ${version} is not supported (only 1 is)`);
  const headerLength = view.getUint32(4, true);
  if (headerLength < HEADER_BYTES || headerLength > bytes.byteLength) {
    throw new BtfError(`BTF header length ${headerLength} is outside ${HEADER_BYTES} to ${bytes.byteLength}`);
  }
  const section = (name: string, at: number): DataView => {
    const start = headerLength + view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    if (start + length > bytes.byteLength) {
      throw new BtfError(`BTF ${name} section (${length} bytes at ${start}) runs past the end at ${bytes.byteLength}`);
    }
    return new DataView(bytes.buffer, bytes.byteOffset + start, length);
  };
  const types = section('type', 8);
  const names = section('string', 16);
  const strings = new Uint8Array(names.buffer, names.byteOffset, names.byteLength);
  if (strings[0] !== 0 || strings[strings.length - 1] !== 0) {
    throw new BtfError('BTF string section does not start and end with a NUL');
  }
  const hasLayouts = headerLength >= HEADER_BYTES_WITH_LAYOUT && view.getUint32(28, true) !== 0;
  return { types, strings, layouts: hasLayouts ? readLayouts(section('layout', 24)) : CLASSIC_LAYOUTS };
}

/** Sizes of kinds, as newer BTF carries them. The known kinds must have the size this parser reads. */
function readLayouts(section: DataView): readonly KindLayout[] {
  const layouts: KindLayout[] = [...CLASSIC_LAYOUTS];
  for (let kind = 0; (kind + 1) * 4 <= section.byteLength; kind++) {
    const layout = { fixed: section.getUint8(kind * 4), each: section.getUint8(kind * 4 + 1) };
    const known = CLASSIC_LAYOUTS[kind];
    if (known && (known.fixed !== layout.fixed || known.each !== layout.each)) {
      throw new BtfError(
        `BTF kind ${kind} has ${layout.fixed} + n × ${layout.each} bytes; expected ${known.fixed} + n × ${known.each}`,
      );
    }
    layouts[kind] = layout;
  }
  return layouts;
}

/** Finds where each type starts. A kind of unknown size makes the rest unreadable: an error, never a guess. */
function walk(types: DataView, layouts: readonly KindLayout[]): Uint32Array {
  const offsets = new Uint32Array(1 + Math.floor(types.byteLength / TYPE_BYTES));
  let count = 1;
  for (let at = 0; at < types.byteLength; ) {
    if (at + TYPE_BYTES > types.byteLength)
      throw new BtfError(`BTF type ${count} is cut off by the end of its section`);
    const info = types.getUint32(at + 4, true);
    const kind = kindOf(info);
    const layout = layouts[kind];
    if (layout === undefined || kind === Kind.VOID)
      throw new BtfError(`BTF type ${count} has the unknown kind ${kind}`);
    const next = at + TYPE_BYTES + layout.fixed + vlenOf(info) * layout.each;
    if (next > types.byteLength) {
      throw new BtfError(
        `BTF type ${count} (kind ${kind}, ${vlenOf(info)} parts) is cut off by the end of its section`,
      );
    }
    offsets[count++] = at;
    at = next;
  }
  return offsets.slice(0, count);
}

export function kindOf(info: number): number {
  return (info >>> 24) & 0x7f;
}

/** How many members, enumerators, parameters or variables follow. Classic BTF uses 16 of these 24 bits and leaves the others zero. */
export function vlenOf(info: number): number {
  return info & 0xff_ffff;
}

/** Checks every id and name offset of one type, so that what reads them later needs no check. */
function checkReferences(types: DataView, offsets: Uint32Array, id: number, stringBytes: number): void {
  const at = offsets[id] as number;
  const checkName = (offset: number): void => {
    const name = types.getUint32(at + offset, true);
    if (name >= stringBytes)
      throw new BtfError(`BTF type ${id} has a name at ${name}, past the strings (${stringBytes} bytes)`);
  };
  const checkType = (offset: number): void => {
    const other = types.getUint32(at + offset, true);
    if (other >= offsets.length)
      throw new BtfError(`BTF type ${id} refers to type ${other}; the last one is ${offsets.length - 1}`);
  };
  checkName(0);
  const info = types.getUint32(at + 4, true);
  const vlen = vlenOf(info);
  switch (kindOf(info)) {
    case Kind.PTR:
    case Kind.TYPEDEF:
    case Kind.VOLATILE:
    case Kind.CONST:
    case Kind.RESTRICT:
    case Kind.FUNC:
    case Kind.VAR:
    case Kind.DECL_TAG:
    case Kind.TYPE_TAG:
      checkType(8);
      break;
    case Kind.ARRAY:
      checkType(12);
      checkType(16);
      break;
    case Kind.STRUCT:
    case Kind.UNION:
      for (let i = 0; i < vlen; i++) {
        checkName(TYPE_BYTES + i * 12);
        checkType(TYPE_BYTES + i * 12 + 4);
      }
      break;
    case Kind.ENUM:
      for (let i = 0; i < vlen; i++) checkName(TYPE_BYTES + i * 8);
      break;
    case Kind.ENUM64:
      for (let i = 0; i < vlen; i++) checkName(TYPE_BYTES + i * 12);
      break;
    case Kind.FUNC_PROTO:
      checkType(8);
      for (let i = 0; i < vlen; i++) {
        checkName(TYPE_BYTES + i * 8);
        checkType(TYPE_BYTES + i * 8 + 4);
      }
      break;
    case Kind.DATASEC:
      for (let i = 0; i < vlen; i++) checkType(TYPE_BYTES + i * 12);
      break;
    default:
      break;
  }
}
