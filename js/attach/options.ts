import { didYouMean } from '../btf/mod.ts';
import { list, show } from '../text.ts';
import { AttachSpecError } from './errors.ts';

/**
 * The options of one object of a spec. Reading one checks it; an error names the option, the value and what is accepted. An option whose value
 * is undefined counts as absent.
 */
export class Options {
  readonly #program: string;
  readonly #at: string;
  readonly #values: Readonly<Record<string, unknown>>;

  /** `at` is the path of the object inside the spec: empty for the spec itself, `target.` for its member. */
  constructor(program: string, values: Readonly<Record<string, unknown>>, at = '') {
    this.#program = program;
    this.#values = Object.fromEntries(members(values).filter(([, value]) => value !== undefined));
    this.#at = at;
  }

  get names(): string[] {
    return Object.keys(this.#values);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#values, name);
  }

  get(name: string): unknown {
    return this.has(name) ? this.#values[name] : undefined;
  }

  /** Rejects options that are none of `known`. */
  only(...known: string[]): void {
    const unknown = this.names.find((name) => !known.includes(name));
    if (unknown === undefined) return;
    const hint = didYouMean(unknown, known);
    this.reject(`${this.#at}${unknown} is not an option here${hint} (the options are ${list(known)})`);
  }

  /** The option is wrong: `accepted` completes "but must be". */
  fail(name: string, accepted: string): never {
    const path = `${this.#at}${name}`;
    if (!this.has(name)) this.reject(`${path} is missing; it must be ${accepted}`);
    this.reject(`${path} is ${show(this.get(name))}, but must be ${accepted}`);
  }

  reject(problem: string): never {
    throw new AttachSpecError(`attach('${this.#program}', ...): ${problem}`, this.#program);
  }

  text(name: string, accepted: string): string {
    const value = this.get(name);
    return typeof value === 'string' && value !== '' && !value.includes('\0') ? value : this.fail(name, accepted);
  }

  /** A number or BigInt without fraction from `min` to `max`. */
  integer(name: string, min: number, max: number, what: string): number {
    return this.#integer(name, this.get(name), min, max, what);
  }

  #integer(name: string, given: unknown, min: number, max: number, what: string): number {
    const value = typeof given === 'bigint' ? Number(given) : given;
    // Native code takes no negative zero for an integer.
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value || 0;
    const accepted = `${what}, a whole number from ${min} to ${max}`;
    if (given === this.get(name)) this.fail(name, accepted);
    this.reject(`${this.#at}${name} has ${show(given)}, but every element must be ${accepted}`);
  }

  /** A list with at least one such number, or null when the option is absent. */
  integers(name: string, min: number, max: number, what: string): number[] | null {
    return this.elements(name, what)?.map((value) => this.#integer(name, value, min, max, what)) ?? null;
  }

  /** A list with at least one element, or null when the option is absent. */
  elements(name: string, what: string): unknown[] | null {
    if (!this.has(name)) return null;
    const value = this.get(name);
    if (!Array.isArray(value)) return this.fail(name, `an array, each element ${what}`);
    if (value.length === 0) this.reject(`${this.#at}${name} is empty; leave it out to mean all`);
    return [...value];
  }

  oneOf<const Value extends string>(name: string, values: readonly Value[]): Value {
    const value = this.get(name);
    const found = values.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    const hint = typeof value === 'string' ? didYouMean(value, values) : '';
    return this.fail(name, `one of ${list(values)}${hint}`);
  }

  /** The options of a member that is an object itself. */
  object(name: string, accepted: string): Options {
    const value = this.get(name);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail(name, accepted);
    return new Options(this.#program, value as Record<string, unknown>, `${this.#at}${name}.`);
  }
}

/**
 * What a script reads as members, those of its classes and prototypes too: an option that went unseen would widen what a program attaches to.
 * Methods are none.
 */
function members(values: Readonly<Record<string, unknown>>): [string, unknown][] {
  const found = new Map<string, unknown>();
  for (let at: object | null = values; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    const isOwn = at === values;
    for (const name of isOwn ? Object.keys(at) : Object.getOwnPropertyNames(at)) {
      if (found.has(name)) continue;
      const value = values[name];
      if (isOwn || typeof value !== 'function') found.set(name, value);
    }
  }
  return [...found];
}
