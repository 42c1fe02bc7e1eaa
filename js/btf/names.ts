import type { Btf } from './btf.ts';
import { Kind, MAX_DEPTH } from './format.ts';

/** Members and parameters beyond these many are left out. */
const MAX_MEMBERS = 16;
const MAX_PARAMETERS = 8;
/** How much a parameter counts as nesting: prototypes within prototypes would otherwise multiply without end. */
const PARAMETER_DEPTH = 12;

/**
 * The type as C writes it without a variable: `struct event`, `__u8[16]`, `const char *`. Hostile nesting ends in `…`.
 */
export function typeNameOf(btf: Btf, id: number): string {
  return declare(btf, id, '', 0);
}

/** `name` declared in C with the type: `char comm[16]`, `struct flow *next`. */
export function declarationOf(btf: Btf, id: number, name: string): string {
  return declare(btf, id, name, 0);
}

/** The declaration in C on one line, nested types by name. */
export function describeType(btf: Btf, id: number): string {
  const kind = btf.kind(id);
  if (kind === Kind.TYPEDEF) return `typedef ${declare(btf, btf.target(id), btf.name(id), 0)}`;
  if (kind === Kind.ENUM || kind === Kind.ENUM64) {
    return `${typeNameOf(btf, id)} { ${list(
      btf.enumerators(id).map(({ name, value }) => `${name} = ${value}`),
      ', ',
    )} }`;
  }
  if (kind !== Kind.STRUCT && kind !== Kind.UNION) return typeNameOf(btf, id);
  const members = btf.members(id).map(({ name, typeId, bitSize }) => {
    const declaration = declare(btf, typeId, name, 0);
    return bitSize === 0 ? `${declaration};` : `${declaration} : ${bitSize};`;
  });
  return `${typeNameOf(btf, id)} { ${list(members, ' ')} }`;
}

function list(parts: readonly string[], separator: string): string {
  const shown = parts.slice(0, MAX_MEMBERS);
  if (parts.length > shown.length) shown.push('…');
  return shown.join(separator);
}

/** C declares inside out: arrays and parameters go behind the name, pointers before it. */
function declare(btf: Btf, id: number, declarator: string, depth: number): string {
  if (depth > MAX_DEPTH) return `… ${declarator}`;
  const join = (specifier: string): string => {
    return declarator === '' || declarator.startsWith('[') ? specifier + declarator : `${specifier} ${declarator}`;
  };
  const name = btf.name(id);
  switch (btf.kind(id)) {
    case Kind.STRUCT:
      return join(`struct ${name || '{…}'}`);
    case Kind.UNION:
      return join(`union ${name || '{…}'}`);
    case Kind.FWD:
      return join(`${btf.flag(id) ? 'union' : 'struct'} ${name}`);
    case Kind.ENUM:
    case Kind.ENUM64:
      return join(`enum ${name || '{…}'}`);
    case Kind.ARRAY: {
      const { element, length } = btf.array(id);
      return declare(btf, element, `${grouped(declarator)}[${length === 0 ? '' : length}]`, depth + 1);
    }
    case Kind.PTR:
      return declare(btf, btf.target(id), `*${declarator}`, depth + 1);
    case Kind.VOLATILE:
      return qualified(btf, id, 'volatile', declarator, depth);
    case Kind.CONST:
      return qualified(btf, id, 'const', declarator, depth);
    case Kind.RESTRICT:
      return qualified(btf, id, 'restrict', declarator, depth);
    case Kind.TYPE_TAG:
    case Kind.VAR:
    case Kind.FUNC:
      return declare(btf, btf.target(id), declarator, depth + 1);
    case Kind.FUNC_PROTO: {
      const all = btf.parameters(id);
      const shown = all.slice(0, MAX_PARAMETERS);
      const parameters = shown.map((type) => (type === 0 ? '...' : declare(btf, type, '', depth + PARAMETER_DEPTH)));
      if (all.length > shown.length) parameters.push('…');
      return declare(btf, btf.target(id), `${grouped(declarator)}(${parameters.join(', ') || 'void'})`, depth + 1);
    }
    default:
      return join(name);
  }
}

/** A qualifier of a pointer stands behind its star, that of anything else before the type. */
function qualified(btf: Btf, id: number, word: string, declarator: string, depth: number): string {
  const target = btf.target(id);
  if (btf.kind(target) === Kind.PTR) {
    return declare(btf, target, declarator === '' ? word : `${word} ${declarator}`, depth + 1);
  }
  return `${word} ${declare(btf, target, declarator, depth + 1)}`;
}

function grouped(declarator: string): string {
  return declarator.startsWith('*') ? `(${declarator})` : declarator;
}
