// Decodes records for whoever counts instructions: `yeet run decode.ts CHUNKS`, of 1,024 records each.

import { Btf, recordDecoder, Views } from '../../js/btf/mod.ts';
import { BtfBuilder } from '../../tests/codec/btf-builder.ts';

const RECORDS = 1024;
const SIZE = 64;
const FRAME = 8 + SIZE;

const b = new BtfBuilder();
const u64 = b.int('unsigned long long', 8);
const u32 = b.int('unsigned int', 4);
const event = b.struct('event', SIZE, [
  { name: 'ts', type: u64, offset: 0 },
  { name: 'pid', type: u32, offset: 64 },
  { name: 'cpu', type: u32, offset: 96 },
  { name: 'comm', type: b.array(b.int('char', 1, 1), 16), offset: 128 },
  { name: 'addr', type: b.array(b.int('unsigned char', 1), 16), offset: 256 },
  { name: 'a', type: u64, offset: 384 },
  { name: 'b', type: u64, offset: 448 },
]);
const decoder = recordDecoder(Btf.parse(b.bytes()), event);

const views = new Views(new ArrayBuffer(FRAME * RECORDS));
for (let i = 0; i < RECORDS; i++) {
  views.dv.setUint32(i * FRAME, SIZE, true);
  for (let at = 0; at < SIZE; at++)
    views.u8[i * FRAME + 8 + at] = at < 16 || at >= 32 ? i >> (at % 8) : 97 + ((i + at) % 16);
}

let seen = 0;
const chunks = Number(yeet.args._[0]);
for (let i = 0; i < chunks; i++) {
  decoder.eachRecord(views, 0, FRAME * RECORDS, 'event', (record) => {
    seen += (record as { event: { pid: number } }).event.pid & 1;
  });
}
console.log(seen);
