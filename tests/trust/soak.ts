// What a long-running script does, all at once: `yeet run soak.ts SECONDS`; bench/c/produce.c fills the ring beside it. Lookups and a churn of
// keys all the time; each second another subscription comes and goes, and another object starts and stops.

import { type BpfError, BpfObject, DataSec, HashMap, RingBuf } from 'yeet:bpf';
import load from './load.bpf.o';

const seconds = Number(yeet.args._[0]);
const exe = `${import.meta.dirname}/object.bpf.o`;
const control = await load
  .bind('events', { kind: 'ringbuf', btf_struct: 'event', capacity: 1 << 15 })
  .bind('.bss', { kind: 'data' })
  .start();
const tables = await new BpfObject({ exe }).bind('table_1', { kind: 'hash' }).start();
const events = new RingBuf(control, 'events');
const table = new HashMap<number, bigint>(tables, 'table_1');

let received = 0;
let lagged = 0;
let gaps = 0;
let next = 0;
const last = Promise.withResolvers<void>();
await events.subscribe(
  ({ event }) => {
    if (event.b === 2n) return last.resolve();
    const number = Number(event.ts);
    gaps += number - next;
    next = number + 1;
    received++;
  },
  (error) => {
    lagged += (error as BpfError).missed ?? 0;
  },
);

let lookups = 0;
let cycles = 0;
let over = false;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function churn(): Promise<void> {
  for (let key = 0; !over; key = (key + 1) % 128) {
    await table.update(key, BigInt(key));
    if ((await table.lookup(key)) !== BigInt(key)) throw new Error(`key ${key} is not what it was set to`);
    await table.delete(key);
    lookups++;
    if (key % 16 === 0) await sleep(1);
    if (key === 0) for await (const [left] of table.entries()) if (left > 127) throw new Error(`nobody stored ${left}`);
  }
}

async function comings(): Promise<void> {
  while (!over) {
    let seen = 0;
    const subscription = await events.subscribe(() => {
      seen++;
    });
    const other = await new BpfObject({ exe }).bind('table_0', { kind: 'hash' }).start();
    await new HashMap<number, bigint>(other, 'table_0').update(0, 1n);
    await sleep(900);
    await other.stop();
    await subscription.unsubscribe();
    const stats = subscription.stats();
    if (stats.delivered !== seen) throw new Error(`${seen} records came and ${stats.delivered} were counted`);
    cycles++;
  }
}

console.log('ready');
const work = Promise.all([churn(), comings()]);
await Promise.race([sleep(seconds * 1000), work]);
over = true;
await work;
await last.promise;
const { offered, refused } = await new DataSec(control, '.bss').read();
gaps += Number(offered) - next;
console.log(`received ${received}\nlagged ${lagged}\ngaps ${gaps}\noffered ${offered}\nrefused ${refused}`);
console.log(`lookups ${lookups}\ncycles ${cycles}\ndone`);
await Promise.all([control.stop(), tables.stop()]);
