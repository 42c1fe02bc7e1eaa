// Does one thing over and over until it is ended: load, attach, drain, batch, or all of a life (start).

import { BpfObject, HashMap, RingBuf } from 'yeet:bpf';
import { doorbell, emit, withDoorbell } from '../../fixtures/spec/check.ts';
import control from '../../fixtures/spec/control.bpf.o';
import maps from '../../fixtures/spec/maps.bpf.o';
import rings from '../../fixtures/spec/ring.bpf.o';

const EMIT = 1;
const PAIRS = 10_000;
const LOADED = { autoattach: false } as const;

/** Each round of a phase. */
type Round = () => Promise<void>;

async function load(): Promise<Round> {
  const loading = new BpfObject({ exe: control.exe });
  for (const program of ['by_tracepoint', 'add', 'sum_words', 'first_byte']) loading.attach(program, LOADED);
  return async () => {
    await (await loading.start()).stop();
  };
}

async function attach(): Promise<Round> {
  const started = await control.attach('by_tracepoint', LOADED).attach('sum_words', LOADED).start();
  return async () => {
    await started.attach('by_tracepoint');
    await started.attach('sum_words');
    await started.detach('by_tracepoint');
    await started.detach('sum_words');
  };
}

async function drain(): Promise<Round> {
  const started = await withDoorbell(new BpfObject({ exe: rings.exe }))
    .bind('events', { kind: 'ringbuf', btf_struct: 'event' })
    .start();
  const ring = await doorbell(started);
  let seen = 0;
  await new RingBuf(started, 'events').subscribe(() => {
    seen++;
  });
  return async () => {
    const before = seen;
    emit(ring, EMIT, 1024);
    await new Promise((resolve) => setTimeout(resolve, seen === before ? 1 : 0));
  };
}

async function batch(): Promise<Round> {
  const started = await maps.bind('wide', { kind: 'hash' }).start();
  const wide = new HashMap<number, bigint>(started, 'wide');
  const pairs = Array.from({ length: PAIRS }, (_, key): [number, bigint] => [key, 1n]);
  return async () => {
    await wide.updateBatch(pairs);
    await wide.drainBatch(PAIRS);
  };
}

async function start(): Promise<Round> {
  return async () => {
    const round = await drain();
    await round();
    await (await load())();
  };
}

const phases: Record<string, () => Promise<Round>> = { load, attach, drain, batch, start };
const phase = phases[yeet.args._[0] ?? 'start'];
if (phase === undefined) throw new Error(`there is no phase ${yeet.args._[0]}`);
const round = await phase();
await round();
console.log('ready');
for (;;) await round();
