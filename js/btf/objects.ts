import { wrongType } from './convert.ts';
import { ValueError } from './errors.ts';
import type { StructShape } from './shape.ts';
import { didYouMean } from './suggest.ts';

/** Checks of objects given for structs and unions. Generated code and patches of data sections share them. */

/** Throws unless `value` can be read as an object with members. */
export function checkObject(
  value: unknown,
  path: string,
  shape: StructShape,
): asserts value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw wrongType(value, path, shape);
  }
}

/** `for (const key in value)` met a key that is no member. An inherited one is the object's own business. */
export function checkUnknown(value: object, key: string, path: string, shape: StructShape): void {
  if (!Object.hasOwn(value, key)) return;
  const names = shape.fields.map((field) => field.name);
  const hint = didYouMean(key, names) || (names.length > 0 ? `; it has ${listed(names)}` : '');
  throw new ValueError(`${path}: ${shape.name} has no member ${JSON.stringify(key)}${hint}`);
}

/**
 * An object without a single member is a zeroed struct if it is plain; a Map, a Date or a promise that nobody awaited is a mistake that
 * would write zeroes.
 */
export function checkEmpty(value: object, path: string, shape: StructShape): void {
  if (shape.fields.length === 0) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return;
  const what = value instanceof Promise ? 'a promise (await it first)' : 'an object';
  throw new ValueError(
    `${path}: ${what} that has none of the members of ${shape.name}: ${listed(shape.fields.map((field) => field.name))}`,
  );
}

/** Two members of one union are given. */
export function unionConflict(
  path: string,
  shape: StructShape,
  union: number,
  given: number,
  name: string,
): ValueError {
  const first = shape.fields.find(({ choices }) =>
    choices.some((choice) => choice.union === union && choice.alternative === given),
  );
  return new ValueError(
    `${path}: ${JSON.stringify(first?.name)} and ${JSON.stringify(name)} are members of one union, which takes exactly one`,
  );
}

/** A named union insists on a member, if it has any. */
export function takesOne(shape: StructShape): boolean {
  return shape.unions[0]?.required === true && shape.fields.length > 0;
}

/** A union was given no member. */
export function unionEmpty(path: string, shape: StructShape): ValueError {
  return new ValueError(
    `${path}: ${shape.name} takes exactly one of its members ${listed(shape.fields.map((field) => field.name))}`,
  );
}

/** Names that objects inherit: their absence must be asked for, since reading them finds something. */
export function isInherited(name: string): boolean {
  return name in Object.prototype;
}

const MAX_LISTED = 12;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_LISTED).join(', ');
  return names.length > MAX_LISTED ? `${shown}, …` : shown;
}
