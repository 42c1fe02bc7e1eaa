import { HashMap } from 'yeet:bpf';
import probe from './large.bpf.o';

const control = await probe.bind('large', { kind: 'hash' }).start();
const large = new HashMap(control, 'large');
await large.update(5, 7);
const { map_type, max_entries } = large.info();
console.log(map_type, max_entries, await large.lookup(5));
await control.stop();
