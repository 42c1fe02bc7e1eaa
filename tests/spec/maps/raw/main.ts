import { RawMap } from 'yeet:bpf';
import { all, caught, failure, text } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object
  .bind('counts', { kind: 'raw' })
  .bind('cpu_counts', { kind: 'raw' })
  .bind('devices', { kind: 'devmap' })
  .start();
const counts = new RawMap(control, 'counts');
console.log(await counts.lookup(Uint8Array.of(1, 0, 0, 0)));
await counts.update(Uint8Array.of(1, 0, 0, 0), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
console.log(text(await counts.lookup(Uint8Array.of(1, 0, 0, 0))), text(await all(counts.entries())));
await counts.delete(Uint8Array.of(1, 0, 0, 0));
console.log((await all(counts.entries())).length, text(counts.info()));
console.log(await failure(() => counts.lookup(Uint8Array.of(1))));
console.log(await failure(() => counts.update(Uint8Array.of(1, 0, 0, 0), new Uint8Array(9))));
const perCpu = new RawMap(control, 'cpu_counts');
const cpus = new Array(PercpuCount()).fill(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
await perCpu.update(new Uint8Array(4), cpus as unknown as Uint8Array);
console.log(text(await perCpu.lookup(new Uint8Array(4))) === text(cpus));
const devices = new RawMap(control, 'devices');
console.log(
  devices.info().map_type,
  (await caught(() => devices.update(new Uint8Array(4), Uint8Array.of(0xff, 0xff, 0, 0)))).errno,
);

function PercpuCount(): number {
  return (perCpu.info() as { num_cpus?: number }).num_cpus ?? 0;
}
await control.stop();
