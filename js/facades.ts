// The modules that scripts import have names of their own and may not import ours; they are built from what is left here for them. The
// bootstrap removes it before any script runs.

import * as bpf from './bpf/mod.ts';

Object.defineProperty(globalThis, '__modules', { configurable: true, value: { 'yeet:bpf': bpf } });
