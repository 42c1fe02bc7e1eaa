import assert from 'node:assert/strict';
import { type Btf, codecOf } from '../../js/btf/mod.ts';

/** A map of a compiled object and the type of its values. */
export interface MapValue {
  readonly name: string;
  readonly typeId: number;
  readonly size: number;
}

/** Finds them as a loader does: the member `value` of each variable in `.maps` points to the type. */
export function mapValues(btf: Btf): MapValue[] {
  const maps = btf.section('.maps');
  assert.ok(maps, 'the object has no maps');
  return maps.vars.map(({ name, typeId }) => {
    const value = btf.members(btf.resolve(typeId)).find((member) => member.name === 'value');
    assert.ok(value, `${name} has no value type`);
    const target = btf.target(btf.resolve(value.typeId));
    return { name, typeId: target, size: codecOf(btf, target).size };
  });
}
