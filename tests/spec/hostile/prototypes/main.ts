// A script, or a library it imports, that replaces what the language gives: calls go on, or fail with an error that can be caught.
import { BpfError, DataSec, HashMap, RingBuf } from 'yeet:bpf';
import object from '../../../fixtures/spec/ring.bpf.o';

const control = await object
  .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
  .bind('doorbell', { kind: 'hash' })
  .bind('.data.doorbell', { kind: 'data' })
  .bind('.bss', { kind: 'data' })
  .start();
const bell = new HashMap(control, 'doorbell');
const nonce = BigInt(Math.floor(Math.random() * 2 ** 52) + 1);
await new DataSec(control, '.data.doorbell').patch('doorbell_nonce', nonce);
const key = { nonce: 1n, command: 0, a: 0, b: 0n };
let events = 0;
let ended = false;
await new RingBuf(control, 'events').subscribe(
  () => {
    events++;
  },
  // A record that comes while the language is broken may end the subscription, but never silently.
  () => {
    ended = true;
  },
);
const bss = new DataSec(control, '.bss');

const calls: (() => Promise<unknown>)[] = [
  () => bell.update(key, 1),
  () => bell.lookup(key),
  () => bell.entries().next(),
  () => bell.updateBatch([[key, 2]]),
  () => bell.lookupBatch(1),
  () => bss.read(),
  () => bss.patch('dropped', 0n),
  () => bell.lookup({ nonce, command: 1, a: 1, b: 0n }),
  () => bell.delete(key),
  async () => bell.info(),
  async () => control.programs(),
];

const { defineProperty, getOwnPropertyDescriptor, getOwnPropertyNames, getPrototypeOf } = Object;
const TypedArray = getPrototypeOf(Uint8Array) as { prototype: object };
const holders: [string, object][] = [
  ['Object.prototype', Object.prototype],
  ['Array.prototype', Array.prototype],
  ['Map.prototype', Map.prototype],
  ['Set.prototype', Set.prototype],
  ['WeakMap.prototype', WeakMap.prototype],
  ['Promise.prototype', Promise.prototype],
  ['String.prototype', String.prototype],
  ['Number.prototype', Number.prototype],
  ['BigInt.prototype', BigInt.prototype],
  ['TypedArray.prototype', TypedArray.prototype],
  ['DataView.prototype', DataView.prototype],
  ['ArrayBuffer.prototype', ArrayBuffer.prototype],
  ['Function.prototype', Function.prototype],
  ['Object', Object],
  ['Array', Array],
  ['Number', Number],
  ['BigInt', BigInt],
  ['Promise', Promise],
  ['Reflect', Reflect],
  ['Error', Error],
];

function broken(): never {
  throw new RangeError('broken on purpose');
}

/** Makes every call while `name` of `holder` is broken; anything but a result, a BpfError or the error of the breakage is returned. */
async function tried(holder: object, name: string): Promise<string[]> {
  const kept = getOwnPropertyDescriptor(holder, name) as PropertyDescriptor;
  if (kept.configurable !== true || typeof kept.value !== 'function') return [];
  const odd: string[] = [];
  for (let index = 0; index < calls.length; index++) {
    const call = calls[index] as () => Promise<unknown>;
    let failed: unknown;
    defineProperty(holder, name, { ...kept, value: broken });
    try {
      await call();
    } catch (error) {
      failed = error;
    } finally {
      defineProperty(holder, name, kept);
    }
    const fine = failed === undefined || failed instanceof BpfError || failed instanceof RangeError;
    if (!fine) odd.push(`${index}: ${String(failed)}`);
  }
  return odd;
}

let tries = 0;
for (const [title, holder] of holders) {
  for (const name of getOwnPropertyNames(holder)) {
    // Without these the language itself has no `await` and no classes.
    if (name === 'constructor' || name === 'prototype' || name === 'then') continue;
    tries++;
    for (const odd of await tried(holder, name)) console.log(`${title}.${name}`, odd);
  }
}
console.log(tries > 200);

// Members that every object suddenly has are no options of anybody.
const inherited = [
  'kind',
  'btf_struct',
  'capacity',
  'batch',
  'batchSize',
  'nonce',
  'autoattach',
  'then',
  'get',
  'set',
  'value',
];
const all = Object.prototype as Record<string, unknown>;
for (const name of inherited) all[name] = broken;
const outcomes: string[] = [];
for (const call of calls) {
  try {
    await call();
    outcomes.push('ok');
  } catch (error) {
    outcomes.push(error instanceof BpfError ? error.code : String(error));
  }
}
for (const name of inherited) delete all[name];
console.log(outcomes.join());

// And afterwards all is well.
await bell.update(key, 7);
console.log(await bell.lookup(key));
const before = events;
void bell.lookup({ nonce, command: 1, a: 3, b: 0n });
for (let i = 0; i < 1000 && events < before + 3 && !ended; i++) await new Promise((resolve) => setTimeout(resolve, 5));
console.log(events >= before + 3 || ended);
await control.stop();
