import { BpfObject } from 'yeet:bpf';
import { sleep } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

// The triggers look at the maps that this process holds.
const first = await new BpfObject({ exe: object.exe }).start();
console.log('unbound');
await sleep(500);
await first.stop();
const second = await new BpfObject({ exe: object.exe }).bind('.rodata', { kind: 'data' }).start();
console.log('now it is bound');
await sleep(500);
await second.stop();
