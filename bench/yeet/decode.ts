// Decodes the 64-byte record as many times as the argument says: two runs with different numbers tell what one costs.

import { Btf, recordDecoder, Views } from '../../js/btf/mod.ts';
import { BtfBuilder } from '../../tests/codec/btf-builder.ts';

const b = new BtfBuilder();
const u8 = b.int('unsigned char', 1);
const u32 = b.int('unsigned int', 4);
const u64 = b.int('unsigned long long', 8);
const event = b.struct('event', 64, [
  { name: 'ts', type: u64, offset: 0 },
  { name: 'pid', type: u32, offset: 64 },
  { name: 'cpu', type: u32, offset: 96 },
  { name: 'comm', type: b.array(b.int('char', 1, 1), 16), offset: 128 },
  { name: 'addr', type: b.array(u8, 16), offset: 256 },
  { name: 'a', type: u64, offset: 384 },
  { name: 'b', type: u64, offset: 448 },
]);
const RECORDS = 1000;
const FRAME = 72;
const views = new Views(new ArrayBuffer(RECORDS * FRAME));
for (let i = 0; i < RECORDS; i++) {
  views.dv.setUint32(i * FRAME, FRAME - 8, true);
  views.dv.setBigUint64(i * FRAME + 8, BigInt(i) << 40n, true);
  for (const [at, char] of [...`worker-${i % 64}`].entries()) views.u8[i * FRAME + 24 + at] = char.charCodeAt(0);
}
const decoder = recordDecoder(Btf.parse(b.bytes()), event);
let kept: unknown;
for (let left = Number(yeet.args._[0]); left > 0; left -= RECORDS) {
  decoder.eachRecord(views, 0, RECORDS * FRAME, 'event', (value) => {
    kept = value;
  });
}
if (kept === undefined) throw new Error('nothing was decoded');
