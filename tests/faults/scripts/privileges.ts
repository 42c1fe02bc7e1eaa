// Starts one object in three ways and prints what came of each: as a program that looks into the kernel, as one that has to be looked up in
// tracefs, and loaded as one that handles packets.

import { BpfError, BpfObject } from 'yeet:bpf';
import object from '../../fixtures/spec/control.bpf.o';

const PROGRAMS = ['by_tracepoint', 'add', 'sum_words', 'first_byte', 'task_rows', 'task_lines'];

async function start(what: string, program: string, spec: { autoattach: false } | null): Promise<void> {
  const only = new BpfObject({ exe: object.exe }).attach(program, spec);
  for (const other of PROGRAMS) if (other !== program) only.attach(other, false);
  try {
    const control = await only.start();
    console.log(what, 'ok');
    await control.stop();
  } catch (error) {
    if (!(error instanceof BpfError)) throw error;
    console.log(what, error.code, error.message);
  }
}

await start('raw_tp', 'sum_words', null);
await start('tracepoint', 'by_tracepoint', null);
await start('xdp', 'classify', { autoattach: false });
