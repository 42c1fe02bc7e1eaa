import { RingBuf } from 'yeet:bpf';
import probe from '../flows.bpf.o';
import { exactly } from './exactly.ts';

const control = await probe.bind('events', { kind: 'ring-buf', byteCap: 1024 }).start();
for await (const record of new RingBuf(control, 'events')) exactly<{ data: Uint8Array }>()(record);
