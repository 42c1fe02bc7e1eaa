import { RingBuf } from 'yeet:bpf';
import probe from './probe.bpf.o';

const control = await probe.bind('deletions', { kind: 'ringbuf', btf_struct: 'deletion' }).start();
console.log(control.programs()[0]?.attached);
for await (const { deletion } of new RingBuf(control, 'deletions')) {
  console.log(`${deletion.program} deletes ${deletion.file}`);
  break;
}
await control.stop();
