import { BtfError, ValueError } from '../../btf/mod.ts';
import { show } from '../../text.ts';
import { BpfError } from '../error.ts';
import type { LiveMap } from './live_map.ts';

/** Names the call and the map in an error of the codec; what user code threw (a getter, a proxy) passes as it is. */
export function liftError(error: unknown, map: LiveMap, method: string): unknown {
  if (error instanceof BtfError) {
    return new BpfError('InvalidObject', `${method}() on map '${map.name}': ${error.message}`, { map: map.name });
  }
  if (!(error instanceof ValueError)) return error;
  return new BpfError('InvalidValue', `${method}() on map '${map.name}': ${error.message}`, { map: map.name });
}

/** An optional count: undefined gives 0, which native code reads as its default. */
export function parseCount(value: unknown, map: LiveMap, what: string): number {
  if (value === undefined) return 0;
  const count = typeof value === 'bigint' ? Number(value) : value;
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= 0xffff_ffff) return count;
  throw new BpfError(
    'InvalidOpts',
    `${what} on map '${map.name}': ${show(value)} must be a whole number from 1 to 4294967295`,
    {
      map: map.name,
    },
  );
}
