import { all } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

interface Row {
  pid: number;
  tid: number;
  comm: string;
  tag: bigint;
}

const control = await object.attach('add', false).start();
const rows = (await all(control.iterate('task_rows', { btf_struct: 'row' }))).map(({ row }) => row as Row);
console.log(
  new Set(rows.map(({ pid }) => pid)).size > 1,
  rows.some(({ comm }) => comm === 'yeet'),
);
console.log(rows.every(({ tag }) => tag === 0x123456789abcdef0n));
const lines = await all(control.iterate('task_lines'));
console.log(
  lines.length > 1,
  lines.some((line) => line.endsWith(' yeet')),
);
let bytes = 0;
for await (const chunk of control.iterate('task_rows', { bytes: true })) bytes += chunk.byteLength;
console.log(bytes > 0, bytes % 32);
await control.stop();
