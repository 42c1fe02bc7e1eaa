import { ops } from '../../ops.ts';
import { liftError } from './lift.ts';
import type { LiveMap, Scratch } from './live_map.ts';

/** Point access by key. Each call is one synchronous op around one syscall; a deferred op would cost more than what it wraps. */

export function lookup(map: LiveMap, key: unknown): unknown {
  return map.run(withKey(map, key, 'lookup'), lookupNow);
}

export function update(map: LiveMap, key: unknown, value: unknown): void | Promise<void> {
  const scratch = map.take();
  try {
    map.keys.encode(scratch.keyViews, 0, key, 'key');
    map.values.encode(scratch.valueViews, 0, value, 'value');
  } catch (error) {
    throw liftError(error, map, 'update');
  }
  return map.run(scratch, updateNow);
}

export function remove(map: LiveMap, key: unknown): void | Promise<void> {
  return map.run(withKey(map, key, 'delete'), removeNow);
}

function withKey(map: LiveMap, key: unknown, method: string): Scratch {
  const scratch = map.take();
  try {
    map.keys.encode(scratch.keyViews, 0, key, 'key');
  } catch (error) {
    throw liftError(error, map, method);
  }
  return scratch;
}

function lookupNow(map: LiveMap, scratch: Scratch): unknown {
  if (!ops.op_bpf_map_lookup(map.handle, scratch.key, scratch.value)) return undefined;
  return map.values.decode(scratch.valueViews, 0);
}

function updateNow(map: LiveMap, scratch: Scratch): void {
  ops.op_bpf_map_update(map.handle, scratch.key, scratch.value);
}

function removeNow(map: LiveMap, scratch: Scratch): void {
  ops.op_bpf_map_delete(map.handle, scratch.key);
}
