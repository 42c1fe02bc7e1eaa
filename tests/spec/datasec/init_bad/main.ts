import { BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/sections.bpf.o';

const bad: [string, Record<string, unknown>][] = [
  ['.rodata', { target_pid: -1 }],
  ['.rodata', { taget_pid: 1n }],
  ['.data', { patched: 1n, filter: { ports: { low: 'x' } } }],
  ['.data', { threshold: 1 }],
];
for (const [section, init] of bad) {
  const copy = new BpfObject({ exe: object.exe }).bind(section, { kind: 'data', init });
  console.log(await failure(() => copy.start()));
}
