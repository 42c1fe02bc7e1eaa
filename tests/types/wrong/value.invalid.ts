import { HashMap, LruHashMap } from 'yeet:bpf';
import probe from '../flows.bpf.o';

const control = await probe.bind('flows', { kind: 'hash' }).bind('recent', { kind: 'lru_hash' }).start();
const flow = await new HashMap(control, 'flows').lookup({ port: 1 });
console.log(flow?.byte); // error: TS2551
console.log(flow?.bytes.length); // error: TS2339
const seen: number | undefined = await new LruHashMap(control, 'recent').lookup(1); // error: TS2322
console.log(seen);
