import { type BpfControl, BpfObject, DataSec, HashMap, RawMap, RingBuf } from 'yeet:bpf';
import typed from '../flows.bpf.o';
import { exactly } from './exactly.ts';

// Without declarations any name is a name, and types may be given by hand.
const control: BpfControl = await new BpfObject({ exe: 'other.bpf.o' })
  .bind('anything', { kind: 'hash', option: 1 })
  .bind('records', { kind: 'ringbuf', btf_struct: 'record' })
  .attach('whatever', { kind: 'tcx' })
  .start();
exactly<HashMap>()(new HashMap(control, 'anything'));
exactly<bigint | undefined>()(await new HashMap<number, bigint>(control, 'anything').lookup(1));
await new RingBuf(control, 'records').subscribe(({ record }) => console.log(record.pid));
console.log((await new DataSec(control, '.data').read('some')) + 1);

// By hand goes before the declarations, too.
const flows = new HashMap<string, number>(await typed.bind('flows', { kind: 'hash' }).start(), 'flows');
exactly<number | undefined>()(await flows.lookup('key'));
const tables = new RawMap(await typed.bind('tables', { kind: 'hash_of_maps' }).start(), 'tables');
exactly<Uint8Array | undefined>()(await tables.lookup(new Uint8Array(4)));
