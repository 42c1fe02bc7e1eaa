import { DataSec, LruHashMap } from 'yeet:bpf';
import { all, doorbell, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await withDoorbell(object).bind('recent', { kind: 'lru_hash' }).bind('.bss', { kind: 'data' }).start();
const ring = await doorbell(control);
const recent = new LruHashMap<number, bigint>(control, 'recent');
const bss = new DataSec(control, '.bss');
const { max_entries } = recent.info();

/** How often `use` has to put the key back while other keys go through the map. */
async function evictions(use: (key: number) => unknown): Promise<number> {
  await recent.clear();
  let count = 0;
  for (let key = 0; key < max_entries * 20; key++) {
    if (key % 4 === 0) {
      if ((await recent.lookup(1_000_000)) === undefined) {
        count++;
        await recent.update(1_000_000, 42n);
      }
      await use(1_000_000);
    }
    await recent.update(key, 1n);
  }
  return count;
}

const none = await evictions(() => {});
const byProgram = await evictions(async (key) => {
  ring(5, key);
  if ((await bss.read('answer')) !== 1n) throw new Error('the program does not find the key');
});
const byLookup = await evictions((key) => recent.lookup(key));
const byUpdate = await evictions((key) => recent.update(key, 42n));
const byWalk = await evictions(() => all(recent.entries()));
// A use keeps the key: it is evicted once at most. How often an unused one goes depends on the CPUs that the calls happen to run on.
console.log(none > 5, byProgram < 3, byUpdate < 3, byLookup > 2, byWalk > 2);
await control.stop();
