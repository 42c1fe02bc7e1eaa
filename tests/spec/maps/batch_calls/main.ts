import { DataSec, HashMap } from 'yeet:bpf';
import { doorbell, equal, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await withDoorbell(object).bind('wide', { kind: 'hash' }).bind('.bss', { kind: 'data' }).start();
const ring = await doorbell(control);
// Numbers of enum bpf_cmd.
const LOOKUP = 1;
const UPDATE = 2;
const DELETE = 3;
const NEXT_KEY = 4;
const LOOKUP_AND_DELETE = 21;
const LOOKUP_BATCH = 24;
const DRAIN_BATCH = 25;
const UPDATE_BATCH = 26;
const DELETE_BATCH = 27;
const wide = new HashMap<number, bigint>(control, 'wide');
const bss = new DataSec(control, '.bss');

/** The bpf(2) calls that `work` makes, by command. */
async function calls(work: () => unknown): Promise<string> {
  await bss.patch('calls', new Array(64).fill(0n));
  ring(7, 1);
  await work();
  ring(7, 0);
  const counts: bigint[] = await bss.read('calls');
  return counts.flatMap((count, command) => (count > 0n ? [`${command}:${count}`] : [])).join(' ');
}

const pairs = Array.from({ length: 5000 }, (_, i): [number, bigint] => [i, 1n]);
if (yeet.args.singly) {
  // Buckets of more than one entry do not fit a page of one: such entries go by an atomic lookup-and-delete.
  await wide.updateBatch(pairs);
  const byOne = await calls(async () => {
    while ((await wide.drainBatch(1)).length > 0);
  });
  const commands = byOne.split(' ').map((count) => Number(count.split(':')[0]));
  equal(commands, [NEXT_KEY, LOOKUP_AND_DELETE, DRAIN_BATCH], `commands of drainBatch(1) (${byOne})`);
} else {
  equal(await calls(() => wide.info()), '', 'info');
  equal(await calls(() => wide.lookup(1)), `${LOOKUP}:1`, 'lookup');
  equal(await calls(() => wide.update(1, 1n)), `${UPDATE}:1`, 'update');
  equal(await calls(() => wide.delete(1)), `${DELETE}:1`, 'delete');
  for (const size of [3, 128, 129, 5000]) {
    equal(await calls(() => wide.updateBatch(pairs.slice(0, size))), `${UPDATE_BATCH}:1`, `updateBatch of ${size}`);
    equal(
      await calls(() => wide.deleteBatch(pairs.slice(0, size).map(([key]) => key))),
      `${DELETE_BATCH}:1`,
      'deleteBatch',
    );
  }
  await wide.updateBatch(pairs);
  equal(await calls(() => wide.lookupBatch(1000)), `${LOOKUP_BATCH}:1`, 'lookupBatch');
  equal(await calls(() => wide.drainBatch(1000)), `${DRAIN_BATCH}:1`, 'drainBatch');
}
console.log('as expected');
await control.stop();
