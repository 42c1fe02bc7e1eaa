import { HashMap } from 'yeet:bpf';
import probe from '../flows.bpf.o';

const flows = new HashMap(await probe.bind('flows', { kind: 'hash' }).start(), 'flows');
const found = await flows.lookup({ port: 1 });
await flows.update({ port: 1 }, { peer: { v4: 1, v6: 'x' } }); // error: TS2322
if (found !== undefined) await flows.update({ port: 1 }, found); // error: TS2345
