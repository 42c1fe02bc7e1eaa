import { type DataSection, type SectionCodec, type Store, sectionCodec, Views } from '../btf/mod.ts';
import { ops } from '../ops.ts';
import { list, named, show } from '../text.ts';
import type { BpfControl } from './control.ts';
import { BpfError } from './error.ts';
import { liftError } from './maps/lift.ts';
import { type LiveMap, padded } from './maps/live_map.ts';
import { MapHandle, type Opened, openHandle } from './maps/map_handle.ts';

/** Reads and writes the globals of one data section. */
export class DataSec extends MapHandle {
  #view: SectionView | undefined;

  constructor(control: BpfControl, name: string) {
    super('DataSec', control, name);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the types of globals come from the object at run time
  async read(sym?: string): Promise<any> {
    return this.#open().read(sym);
  }

  async patch(symOrValues: string | object, value?: unknown): Promise<void> {
    const view = this.#open();
    if (typeof symOrValues === 'string') return view.patchOne(symOrValues, value);
    if (typeof symOrValues === 'object' && symOrValues !== null) return view.patchMany(symOrValues);
    throw new BpfError(
      'InvalidValue',
      `patch() on '${view.name}': the first argument is ${show(symOrValues)}, but must be a name or an object`,
      {
        map: view.name,
      },
    );
  }

  #open(): SectionView {
    const opened = openHandle(this);
    if (this.#view?.map !== opened.map) this.#view = new SectionView(opened);
    return this.#view as SectionView;
  }
}

/** One section: its codec and the buffer that reads go through. */
class SectionView {
  readonly map: LiveMap;
  readonly name: string;
  readonly #section: DataSection;
  readonly #opened: Opened;
  readonly #codec: SectionCodec;
  readonly #image: Uint8Array;
  readonly #views: Views;

  constructor(opened: Opened) {
    const { owner, map } = opened;
    const section = owner.btf.section(map.decl.section as string);
    if (section === undefined) {
      throw new BpfError(
        'Unsupported',
        `'${map.name}': the object's BTF describes no global of this section, so none can be named`,
        {
          map: map.name,
        },
      );
    }
    this.map = map;
    this.name = map.name;
    this.#section = section;
    this.#opened = opened;
    try {
      this.#codec = sectionCodec(owner.btf, section);
    } catch (error) {
      throw liftError(error, map, 'read');
    }
    const buffer = new ArrayBuffer(padded(map.state.valueSize));
    this.#image = new Uint8Array(buffer, 0, map.state.valueSize);
    this.#views = new Views(buffer);
  }

  read(sym: unknown): unknown {
    if (sym !== undefined && typeof sym !== 'string') {
      throw new BpfError(
        'InvalidValue',
        `read() on '${this.name}': the symbol is ${show(sym)}, but must be the name of a global`,
        {
          map: this.name,
        },
      );
    }
    if (sym !== undefined && !this.#codec.has(sym)) return undefined;
    ops.op_bpf_section_read(this.map.handle, this.#image);
    try {
      return sym === undefined ? this.#codec.read(this.#views) : this.#codec.readVar(this.#views, sym);
    } catch (error) {
      throw liftError(error, this.map, 'read');
    }
  }

  patchOne(sym: string, value: unknown): void {
    this.#require(sym);
    this.#store(() => this.#codec.lower(sym, value));
  }

  patchMany(values: object): void {
    for (const sym of Object.keys(values)) this.#require(sym);
    this.#store(() => this.#codec.lower(undefined, values));
  }

  /** All values are lifted before the first byte is written. */
  #store(lower: () => Store[]): void {
    const { bind } = this.map;
    if (bind.freeze) {
      throw new BpfError(
        'PermissionDenied',
        `patch() on '${this.name}': it was bound with freeze: true, so it cannot change after start()`,
        {
          map: this.name,
        },
      );
    }
    let stores: Store[];
    try {
      stores = lower();
    } catch (error) {
      throw liftError(error, this.map, 'patch');
    }
    // Lifting runs getters of the value, and one of them may have stopped the object.
    if (!this.#opened.owner.open)
      throw new BpfError('Stopped', `patch() on '${this.name}': the object was stopped meanwhile`, { map: this.name });
    if (stores.length > 0) ops.op_bpf_section_store(this.map.handle, packStores(stores));
  }

  #require(sym: string): void {
    if (this.#codec.has(sym)) return;
    const { btf, decls } = this.#opened.owner;
    const other = decls.find(
      (decl) => decl.section !== null && btf.section(decl.section)?.vars.some((variable) => variable.name === sym),
    );
    const where =
      other === undefined
        ? `; it has ${list(this.#section.vars.map((variable) => variable.name)) || 'none'}`
        : `; it is in '${other.name}'`;
    throw new BpfError('InvalidValue', `patch() on '${this.name}': no global ${named(sym)} here${where}`, {
      map: this.name,
    });
  }
}

/** Per store: u32 offset, u32 length, u32 1 when a mask follows, then the bytes, then as many bytes of mask. */
export function packStores(stores: readonly Store[]): Uint8Array {
  const size = stores.reduce((sum, { bytes, mask }) => sum + 12 + bytes.length + (mask?.length ?? 0), 0);
  const packed = new Uint8Array(size);
  const header = new DataView(packed.buffer);
  let at = 0;
  for (const { offset, bytes, mask } of stores) {
    header.setUint32(at, offset, true);
    header.setUint32(at + 4, bytes.length, true);
    header.setUint32(at + 8, mask === undefined ? 0 : 1, true);
    at += 12;
    packed.set(bytes, at);
    at += bytes.length;
    if (mask === undefined) continue;
    packed.set(mask, at);
    at += mask.length;
  }
  return packed;
}
