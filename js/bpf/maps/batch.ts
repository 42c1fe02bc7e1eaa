import { ops } from '../../ops.ts';
import { show } from '../../text.ts';
import { BpfError, finishNativeError } from '../error.ts';
import { liftError, parseCount } from './lift.ts';
import type { LiveMap } from './live_map.ts';
import { Column, Page } from './page.ts';

/** A batch up to this many entries and bytes takes a few tens of microseconds: less than the way to a worker thread and back. */
const INLINE_ENTRIES = 128;
const INLINE_BYTES = 64 * 1024;

/** Lifts every pair, then writes them. One bad pair and nothing is written. */
export async function updateBatch(map: LiveMap, pairs: unknown): Promise<void> {
  const all = toArray(map, 'updateBatch', pairs, 'an array of [key, value] pairs');
  const keys = new Column(map.keys.size, all.length);
  const values = new Column(map.values.size, all.length);
  encodeAll(map, 'updateBatch', all, (pair, index) => {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw new BpfError(
        'InvalidValue',
        `updateBatch() on map '${map.name}': pairs[${index}] is ${show(pair)}, but must be [key, value]`,
        {
          map: map.name,
        },
      );
    }
    map.keys.encode(keys.views, index * map.keys.size, pair[0], `pairs[${index}] key`);
    map.values.encode(values.views, index * map.values.size, pair[1], `pairs[${index}] value`);
  });
  if (all.length === 0) return;
  if (map.idle && isSmall(all.length, keys.bytes.length + values.bytes.length)) {
    ops.op_bpf_map_update_batch(map.handle, keys.bytes, values.bytes, all.length);
    return;
  }
  await inBackground(map, () => ops.op_bpf_map_update_batch_async(map.handle, keys.bytes, values.bytes, all.length));
}

/** Lifts every key, then deletes. The kernel stops at the first key that is missing; the error says how many were deleted. */
export async function deleteBatch(map: LiveMap, keysGiven: unknown): Promise<void> {
  const all = toArray(map, 'deleteBatch', keysGiven, 'an array of keys');
  const keys = new Column(map.keys.size, all.length);
  encodeAll(map, 'deleteBatch', all, (key, index) =>
    map.keys.encode(keys.views, index * map.keys.size, key, `keys[${index}]`),
  );
  if (all.length === 0) return;
  if (map.idle && isSmall(all.length, keys.bytes.length)) {
    ops.op_bpf_map_delete_batch(map.handle, keys.bytes, all.length);
    return;
  }
  await inBackground(map, () => ops.op_bpf_map_delete_batch_async(map.handle, keys.bytes, all.length));
}

export async function lookupBatch(map: LiveMap, count: unknown): Promise<[unknown, unknown][]> {
  const limit = parseCount(count, map, 'lookupBatch(count)');
  return new Page(map, await inBackground(map, () => ops.op_bpf_map_lookup_batch(map.handle, limit))).pairs();
}

export async function drainBatch(map: LiveMap, count: unknown): Promise<[unknown, unknown][]> {
  const limit = parseCount(count, map, 'drainBatch(count)');
  return new Page(map, await inBackground(map, () => ops.op_bpf_map_drain_batch(map.handle, limit))).pairs();
}

/** Deletes every entry; resolves to how many there were. */
export function clear(map: LiveMap): Promise<number> {
  return inBackground(map, () => ops.op_bpf_map_clear(map.handle));
}

/** Runs an op that works on another thread in this map's order. */
export async function inBackground<T>(map: LiveMap, run: () => Promise<T>): Promise<T> {
  try {
    return await map.chain(run);
  } catch (error) {
    throw finishNativeError(error);
  }
}

function toArray(map: LiveMap, method: string, given: unknown, accepted: string): unknown[] {
  const iterable = typeof given === 'object' && given !== null && Symbol.iterator in given;
  // A Map is iterable as pairs and a Set as keys; a string is not a list of anything here.
  if (iterable) return Array.from(given as Iterable<unknown>);
  throw new BpfError(
    'InvalidValue',
    `${method}() on map '${map.name}': the argument is ${show(given)}, but must be ${accepted}`,
    {
      map: map.name,
    },
  );
}

function encodeAll(
  map: LiveMap,
  method: string,
  all: readonly unknown[],
  encode: (item: unknown, index: number) => void,
): void {
  try {
    all.forEach(encode);
  } catch (error) {
    throw liftError(error, map, method);
  }
}

function isSmall(count: number, bytes: number): boolean {
  return count <= INLINE_ENTRIES && bytes <= INLINE_BYTES;
}
