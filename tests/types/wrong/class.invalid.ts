import { ArrayMap, DataSec, HashMap, RingBuf } from 'yeet:bpf';
import probe from '../flows.bpf.o';

const control = await probe.bind('flows', { kind: 'hash' }).bind('events', { kind: 'ringbuf' }).start();
new ArrayMap(control, 'flows'); // error: TS2345
new HashMap(control, 'events'); // error: TS2345
new RingBuf(control, '.data'); // error: TS2345
new DataSec(control, 'hits'); // error: TS2345
