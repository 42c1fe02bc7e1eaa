import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { BtfError } from '../../js/btf/errors.ts';
import type { ObjectFacts } from '../../js/tools/facts.ts';
import { inspect, inspectJson, types } from '../../js/tools/main.ts';
import { Random } from '../codec/random.ts';
import { objectFacts } from './object-facts.ts';

const MUTANTS = 200;

/** The facts with a few bytes of the BTF and of the initial values changed. */
function damaged(facts: ObjectFacts, random: Random): ObjectFacts {
  const btf = Uint8Array.from(facts.btf);
  for (let i = 0; i <= random.below(3); i++) {
    const at = 24 + random.below(btf.length - 24);
    btf[at] = random.pick([0, 1, 2, 4, 5, 10, 255, random.below(256)]);
  }
  const maps = facts.maps.map((map) =>
    map.section === null ? map : { ...map, initial: random.bytes(random.below(64)) },
  );
  return { ...facts, btf, maps };
}

it('damaged types are described or refused', () => {
  const random = new Random(5);
  const { facts } = objectFacts(join(import.meta.dirname, 'flows.bpf.o'));
  let described = 0;
  let refused = 0;
  for (let i = 0; i < MUTANTS; i++) {
    const mutant = damaged(facts, random);
    try {
      for (const tool of [types, inspect, inspectJson]) assert.equal(typeof tool(mutant), 'string');
      described++;
    } catch (error) {
      if (!(error instanceof BtfError)) throw error;
      refused++;
    }
  }
  assert.ok(described > 25 && refused > 25, `${described} described, ${refused} refused`);
});
