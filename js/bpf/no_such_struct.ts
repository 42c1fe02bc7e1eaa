import { type Btf, didYouMean } from '../btf/mod.ts';
import { clip, list, named } from '../text.ts';

/** Why a struct is not there, for the end of a message: the usual reason is the compiler. */
export function noSuchStruct(path: string, btf: Btf, struct: string): string {
  const structs = btf.listStructs();
  return (
    `the BTF of ${path} has no struct ${named(struct)}${didYouMean(struct, structs)} ` +
    `(it has ${list(structs) || 'no structs'}). ` +
    'The compiler leaves out a type that nothing refers to: keep it alive in C with ' +
    `'const struct ${clip(struct)} *unused_${clip(struct)} __attribute__((unused));'`
  );
}
