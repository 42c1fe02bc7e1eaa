import { ValueError } from './errors.ts';
import type { RowId } from './table.ts';
import { table } from './table.ts';

/**
 * Checked conversions of JavaScript values into scalars. Generated code stores the common case itself and comes here for the rest: a
 * BigInt for a 32-bit integer, a number for a 64-bit one, and everything that is an error.
 */

/** What a message needs to know of the type that a value goes into. */
export interface Target {
  readonly row: RowId;
  /** `__u16`, or `__u32 : 3` for a bit field. */
  readonly name: string;
  readonly bits: number;
  readonly signed: boolean;
}

export function toInt(value: unknown, path: string, target: Target): number {
  if (typeof value === 'bigint') return Number(inRange(value, path, target));
  if (typeof value !== 'number') throw wrongType(value, path, target);
  if (!Number.isInteger(value)) throw new ValueError(`${path}: ${value} is not an integer; ${takes(target)}`);
  const low = target.signed ? -(2 ** (target.bits - 1)) : 0;
  const high = 2 ** (target.signed ? target.bits - 1 : target.bits) - 1;
  if (value < low || value > high) throw misfit(String(value), path, target);
  return value;
}

export function toLong(value: unknown, path: string, target: Target): bigint {
  if (typeof value === 'bigint') return inRange(value, path, target);
  if (typeof value !== 'number') throw wrongType(value, path, target);
  if (!Number.isInteger(value)) throw new ValueError(`${path}: ${value} is not an integer; ${takes(target)}`);
  if (!Number.isSafeInteger(value)) {
    throw new ValueError(
      `${path}: ${value} is beyond the safe integers, where a number loses digits; write it as a BigInt`,
    );
  }
  return inRange(BigInt(value), path, target);
}

/** More than 64 bits: BigInts only. */
export function toWide(value: unknown, path: string, target: Target): bigint {
  if (typeof value !== 'bigint') throw wrongType(value, path, target);
  return inRange(value, path, target);
}

export function toBool(value: unknown, path: string, target: Target): 0 | 1 {
  if (value === true || value === 1) return 1;
  if (value === false || value === 0) return 0;
  throw wrongType(value, path, target);
}

export function toFloat(value: unknown, path: string, target: Target): number {
  if (typeof value !== 'number') throw wrongType(value, path, target);
  if (target.bits === 32 && Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
    throw misfit(String(value), path, target);
  }
  return value;
}

function inRange(value: bigint, path: string, target: Target): bigint {
  const fits = target.signed ? BigInt.asIntN(target.bits, value) : BigInt.asUintN(target.bits, value);
  if (fits !== value) throw misfit(showBigInt(value), path, target);
  return value;
}

function misfit(shown: string, path: string, target: Target): ValueError {
  if (target.row === 'float') return new ValueError(`${path}: ${shown} does not fit ${target.name}`);
  const high = (1n << BigInt(target.signed ? target.bits - 1 : target.bits)) - 1n;
  const low = target.signed ? -high - 1n : 0n;
  return new ValueError(`${path}: ${shown} does not fit ${target.name} (${low} to ${high})`);
}

/** The error for a value of the wrong JavaScript type. */
export function wrongType(value: unknown, path: string, target: Pick<Target, 'row' | 'name'>): ValueError {
  return new ValueError(`${path}: ${show(value)} does not go into ${target.name}; ${takes(target)}`);
}

function takes(target: Pick<Target, 'row' | 'name'>): string {
  return `it takes ${table[target.row].write}`;
}

const MAX_SHOWN = 40;

/** A value in an error message. Never runs code of the value. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value)}`;
    case 'bigint':
      return showBigInt(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? 'an array' : 'an object';
    case 'function':
      return 'a function';
    default:
      return String(value);
  }
}

/** Digits of a huge BigInt would take longer to make than to read. */
function showBigInt(value: bigint): string {
  const short = BigInt.asIntN(512, value);
  return short === value ? `${value}n` : 'a BigInt of more than 512 bits';
}
