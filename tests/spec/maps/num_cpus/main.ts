import { PercpuArrayMap } from 'yeet:bpf';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('cpu_slots', { kind: 'percpu_array' }).start();
const slots = new PercpuArrayMap<number>(control, 'cpu_slots');
const values = await slots.lookup(0);
console.log(`num_cpus ${slots.info().num_cpus} ${values?.length}`);
await control.stop();
