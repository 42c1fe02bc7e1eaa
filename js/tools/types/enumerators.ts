import { Kind } from '../../btf/format.ts';
import type { Btf } from '../../btf/mod.ts';
import type { Shape } from '../../btf/shape.ts';

const MAX_SHOWN = 16;

/** What the numbers of an enum are called. Shapes do not say: a decoder needs the numbers alone. */
export class Enumerators {
  readonly #btf: Btf;
  #byName: Map<string, number> | undefined;

  constructor(btf: Btf) {
    this.#btf = btf;
  }

  /** `PASS = 0, DROP = 1`; empty for what is no enum, or one that many enums without a name could be. */
  of(shape: Shape): string {
    if (shape.row !== 'enum' && shape.row !== 'enum64' && shape.kind !== 'bits') return '';
    this.#byName ??= this.#index();
    const id = this.#byName.get(shape.name.replace(/ : \d+$/, ''));
    if (id === undefined) return '';
    const all = this.#btf.enumerators(id);
    const shown = all.slice(0, MAX_SHOWN).map(({ name, value }) => `${name} = ${value}`);
    return all.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
  }

  #index(): Map<string, number> {
    const index = new Map<string, number>();
    for (let id = 1; id < this.#btf.typeCount; id++) {
      const kind = this.#btf.kind(id);
      if (kind !== Kind.ENUM && kind !== Kind.ENUM64 && kind !== Kind.TYPEDEF) continue;
      if (this.#btf.name(id) === '') continue;
      const target = this.#enumBehind(id);
      if (target !== undefined && !index.has(this.#btf.typeName(id))) index.set(this.#btf.typeName(id), target);
    }
    return index;
  }

  #enumBehind(id: number): number | undefined {
    let at = id;
    for (let depth = 0; depth < 32 && this.#btf.kind(at) === Kind.TYPEDEF; depth++) at = this.#btf.target(at);
    const kind = this.#btf.kind(at);
    return kind === Kind.ENUM || kind === Kind.ENUM64 ? at : undefined;
  }
}
