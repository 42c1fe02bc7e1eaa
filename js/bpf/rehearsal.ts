import { type Core, type OpenedObject, type Ops, refreshOps } from '../ops.ts';
import { BpfObject, DataSec, HashMap, PercpuArrayMap, RingBuf } from './mod.ts';
import { forgetIds } from './running.ts';

const PATH = '/rehearsal.bpf.o';
/** Bytes of one record with its header, and of the trailer behind it (events/chunk.ts). */
const FRAME = 8 + 40;
const TRAILER = 16;

/**
 * Runs once, while the snapshot is made, what most scripts run: open, start, subscribe, read and write maps, stop. The snapshot keeps the code
 * of functions that have run; compiling them when they are first called took a quarter of the time to the first event. No kernel has a part
 * in it: `opened` is what the real op said about rehearsal.bpf.c, the other ops are the ones below.
 */
export async function rehearse(opened: OpenedObject): Promise<void> {
  refreshOps({
    ops: stage(opened) as Ops,
    unrefOpPromise: () => undefined,
    registerErrorClass: () => undefined,
    loadExtScript: () => undefined,
  } satisfies Core);
  const control = await new BpfObject({ exe: PATH })
    .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
    .bind('counts', { kind: 'hash' })
    .bind('totals', { kind: 'percpu_array' })
    .bind('.rodata', { kind: 'data', init: { target_pid: 1 } })
    .attach('on_exec', null)
    .start();
  let seen = 0;
  await new RingBuf(control, 'events').subscribe(() => {
    seen += 1;
  });
  const counts = new HashMap(control, 'counts');
  const key = { pid: 1, cpu: 0 };
  await counts.update(key, 1n);
  await counts.lookup(key);
  await counts.delete(key);
  for await (const _ of counts.entries()) seen += 1;
  await new PercpuArrayMap(control, 'totals').lookup(0);
  await new DataSec(control, '.rodata').read();
  await control.stop();
  if (seen !== 2) throw new Error(`the rehearsal saw ${seen} records and entries instead of 2`);
  forgetIds();
}

/** Ops that have one record, one entry, and zeroes everywhere else. */
function stage(opened: OpenedObject): Partial<Ops> {
  const states = opened.maps.map((decl, handle) => ({
    ...decl,
    handle,
    flags: 0,
    cpus: decl.name === 'totals' ? 2 : 0,
  }));
  const chunk = new ArrayBuffer(FRAME + TRAILER);
  const words = new Uint32Array(chunk);
  words[0] = FRAME - 8;
  words[words.length - 1] = 1;
  const chunks = [chunk];
  const pages = [onePair()];
  return {
    op_bpf_resolve: (exe) => exe,
    op_bpf_open: async () => opened,
    op_bpf_start: async (_, spec) => ({
      handle: 1,
      maps: states.filter(({ name }) => spec.maps.includes(name)),
      warnings: [],
    }),
    op_bpf_stop: async () => undefined,
    op_bpf_ring_subscribe: () => 1,
    op_bpf_ring_next: async () => chunks.pop() ?? new ArrayBuffer(0),
    op_bpf_ring_stats: () => ({ received: 1, delivered: 1, lagged: 0, queued: 0, kernelDropped: 0 }),
    op_bpf_ring_close: () => undefined,
    op_bpf_map_lookup: () => true,
    op_bpf_map_update: () => undefined,
    op_bpf_map_delete: () => undefined,
    op_bpf_scan_open: () => 1,
    op_bpf_scan_next: async () => pages.pop() ?? new Uint8Array(0),
    op_bpf_scan_close: () => undefined,
    op_bpf_section_read: () => undefined,
  };
}

/** A page with one entry of `counts` (maps/page.ts). */
function onePair(): Uint8Array {
  return new Uint8Array(Uint32Array.of(1, 0, 1, 0, 1, 0).buffer);
}
