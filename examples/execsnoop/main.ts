#!/usr/bin/env -S yeet run
// Prints every program that is executed on this host for ten seconds, then how often each process executed one.

import { HashMap, RingBuf } from 'yeet:bpf';
import probe from './execsnoop.bpf.o';

const control = await probe
  .bind('events', { kind: 'ringbuf', btf_struct: 'exec_event', capacity: 8192 })
  .bind('counts', { kind: 'hashmap' }) // per-pid exec counter
  .start(); // tracepoint auto-attaches by section

const events = new RingBuf(control, 'events');
const counts = new HashMap(control, 'counts');

// records arrive keyed by the BTF struct name; fields keep their C types
const sub = await events.subscribe(({ exec_event: e }) => {
  console.log(`${e.comm} (pid ${e.pid}) exec'd ${e.filename}`);
});

// The isolate ends once the top-level module settles, so hold it open. A bare setTimeout does not keep it alive; an awaited promise does.
await new Promise<void>((resolve) => {
  setTimeout(async () => {
    for await (const [pid, n] of counts.entries()) console.log(pid, n);
    await sub.unsubscribe();
    await control.stop();
    resolve();
  }, 10_000);
});
