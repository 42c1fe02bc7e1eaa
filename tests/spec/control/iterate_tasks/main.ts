import { all } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

interface Row {
  pid: number;
  tid: number;
  comm: string;
  tag: bigint;
}

const self = Number(yeet.args._[0]);
const control = await object.attach('task_lines', { kind: 'iter', pid: self }).start();
const rows = (await all(control.iterate('task_rows', { btf_struct: 'row' }))).map(({ row }) => row as Row);
const own = rows.filter(({ pid }) => pid === self).length;
console.log(own > 1, rows.length > own);
console.log(rows.find(({ tid }) => tid === self)?.comm);
console.log(rows.every(({ tag }) => tag === 0x123456789abcdef0n));

// Each reading is a new one.
for (let i = 0; i < 2; i++) {
  const lines = await all(control.iterate('task_lines'));
  console.log(
    lines.length > 1,
    lines.every((line) => line.startsWith(`${self}/`)),
  );
}

// Two places are read one after the other.
await control.attach('task_lines', { kind: 'iter', tid: self });
console.log((await all(control.iterate('task_lines'))).filter((line) => line === `${self}/${self} yeet`).length);

let bytes = 0;
for await (const chunk of control.iterate('task_rows', { bytes: true })) bytes += chunk.byteLength;
console.log(bytes > 0, bytes % 32);
console.log(
  control
    .programs()
    .find(({ name }) => name === 'task_lines')
    ?.attached.map(({ how, target }) => `${how}: ${target.replaceAll(String(self), 'N')}`),
);
await control.stop();
