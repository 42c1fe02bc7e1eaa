import { ops } from '../../ops.ts';
import { liftError } from './lift.ts';
import type { LiveMap, Scratch } from './live_map.ts';

/** Access to maps without keys: bloom filters, queues and stacks. */

/** Lifts `value` and runs `step` with it. */
export function withValue<T>(
  map: LiveMap,
  method: string,
  value: unknown,
  step: (map: LiveMap, scratch: Scratch) => T,
): T | Promise<T> {
  const scratch = map.take();
  try {
    map.values.encode(scratch.valueViews, 0, value, 'value');
  } catch (error) {
    throw liftError(error, map, method);
  }
  return map.run(scratch, step);
}

export function insertNow(map: LiveMap, { value }: Scratch): void {
  ops.op_bpf_bloom_insert(map.handle, value);
}

export function containsNow(map: LiveMap, { value }: Scratch): boolean {
  return ops.op_bpf_bloom_contains(map.handle, value);
}

export function pushNow(map: LiveMap, { value }: Scratch): void {
  ops.op_bpf_queue_push(map.handle, value);
}

export function popNow(map: LiveMap, { value, valueViews }: Scratch): unknown {
  return ops.op_bpf_queue_pop(map.handle, value) ? map.values.decode(valueViews, 0) : undefined;
}

export function peekNow(map: LiveMap, { value, valueViews }: Scratch): unknown {
  return ops.op_bpf_queue_peek(map.handle, value) ? map.values.decode(valueViews, 0) : undefined;
}
