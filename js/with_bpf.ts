// The entry point of the other snapshot: main.ts, and `yeet:bpf` for scripts that import something.

import './main.ts';
import './facades.ts';
import 'yeet:bpf';
import { core } from 'ext:core/mod.js';
import { registerErrors } from './bpf/error.ts';
import { rehearse } from './bpf/rehearsal.ts';
import { refreshOps } from './ops.ts';

registerErrors(core);

/** Called once, by the making of the snapshot, with the path of an object file. */
Object.defineProperty(globalThis, '__rehearse', {
  configurable: true,
  async value(path: string): Promise<void> {
    Reflect.deleteProperty(globalThis, '__rehearse');
    const opened = await core.ops.op_bpf_open(path);
    core.ops.op_bpf_discard(opened.handle);
    try {
      await rehearse(opened);
    } finally {
      refreshOps(core);
    }
  },
});
