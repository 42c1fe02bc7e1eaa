import { type BpfError, LpmTrie } from 'yeet:bpf';
import { all, equal, Random } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/maps.bpf.o';

// Random sequences of calls, and a model in JavaScript that must answer the same. A seed as argument repeats a run.
const seed = Number(yeet.args.seed ?? Math.floor(Math.random() * 2 ** 31));
const random = new Random(seed);
const SEQUENCES = 10_000;
const control = await object.bind('acl', { kind: 'lpm_trie' }).start();
interface Prefix {
  prefixlen: number;
  data: number[];
}
const acl = new LpmTrie<{ action: number }>(control, 'acl');
const { max_entries } = acl.info();
/** By the bits of the prefix, as a string of zeroes and ones. */
const model = new Map<string, number>();
const bits = ({ prefixlen, data }: Prefix): string =>
  data
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .slice(0, prefixlen);
// Few different bytes, so that prefixes overlap.
const prefix = (): Prefix => ({ prefixlen: random.below(25), data: [1, 2, 3].map(() => random.pick([0, 0x80, 0xff])) });
const longest = (key: string): number | undefined => {
  for (let length = key.length; length >= 0; length--) {
    const action = model.get(key.slice(0, length));
    if (action !== undefined) return action;
  }
  return undefined;
};

async function step(): Promise<void> {
  const key = prefix();
  const action = random.below(2 ** 32);
  switch (random.below(7)) {
    case 0:
    case 1: {
      const full = model.size === max_entries && !model.has(bits(key));
      const result = await acl.update(key, { action }).then(
        () => 'ok',
        (error: BpfError) => error.code,
      );
      equal(result, full ? 'E2BIG' : 'ok', 'update');
      if (!full) model.set(bits(key), action);
      break;
    }
    case 2:
    case 3:
      equal((await acl.lookup(key))?.action, longest(bits(key)), `lookup ${bits(key)}`);
      break;
    case 4: {
      const result = await acl.delete(key).then(
        () => true,
        (error: BpfError) => error.code,
      );
      equal(result, model.delete(bits(key)) ? true : 'NotFound', 'delete');
      break;
    }
    case 5: {
      const pairs = Array.from({ length: random.below(4) }, (): [Prefix, { action: number }] => [prefix(), { action }]);
      let applied = 0;
      for (const [one] of pairs) {
        if (model.size === max_entries && !model.has(bits(one))) break;
        model.set(bits(one), action);
        applied++;
      }
      const result = await acl.updateBatch(pairs).then(
        () => pairs.length,
        (error: BpfError) => error.applied,
      );
      equal(result, applied, 'updateBatch');
      break;
    }
    default: {
      const keys = Array.from({ length: random.below(4) }, prefix);
      let applied = 0;
      for (const one of keys) {
        if (!model.delete(bits(one))) break;
        applied++;
      }
      const result = await acl.deleteBatch(keys).then(
        () => keys.length,
        (error: BpfError) => error.applied,
      );
      equal(result, applied, 'deleteBatch');
    }
  }
}

for (let sequence = 0; sequence < SEQUENCES; sequence++) {
  try {
    for (let left = 1 + random.below(6); left > 0; left--) await step();
    const entries = await all(acl.entries({ batchSize: 1 + random.below(30) }));
    const found = entries.map(
      ([{ prefixlen, data }, { action }]) => `${bits({ prefixlen, data: [...data] })}=${action}`,
    );
    equal(found.sort(), [...model].map(([key, action]) => `${key}=${action}`).sort(), 'contents');
  } catch (error) {
    throw new Error(`seed ${seed}, sequence ${sequence}`, { cause: error });
  }
}
await control.stop();
console.log('equal');
