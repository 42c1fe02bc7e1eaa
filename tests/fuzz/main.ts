/**
 * `main.ts TARGET --seconds N --findings FOLDER FOLDER…`: a small fuzzer for what is TypeScript, guided by coverage. Inputs that reach
 * something new are added to the first folder. `main.ts TARGET --minimise FOLDER…` copies to the first folder what suffices of the others.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../codec/random.ts';
import { codec } from './codec.ts';
import { Coverage } from './coverage.ts';
import { mutate } from './mutate.ts';
import { specs } from './specs.ts';

const TARGETS = { codec, specs } as const;
/** Bytes. */
const LONGEST = 4096;
/** Milliseconds for one input. */
const SLOW = 2000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 32) },
    findings: { type: 'string', default: 'findings' },
    minimise: { type: 'boolean', default: false },
  },
});
const [name = '', corpus, ...others] = positionals;
if (!(name in TARGETS) || corpus === undefined) {
  throw new Error(`usage: main.ts ${Object.keys(TARGETS).join('|')} [options] FOLDER…`);
}
const target = TARGETS[name as keyof typeof TARGETS];
const coverage = new Coverage(/\/js\/(btf|attach|text)/);
const random = new Random(Number(values.seed));
const inputs: Uint8Array[] = [];
let runs = 0;

/** Runs one input. What goes wrong is written down and ends the run. */
function run(input: Uint8Array): void {
  runs++;
  const begun = performance.now();
  try {
    target(input);
    if (performance.now() - begun > SLOW) throw new Error(`took ${Math.round(performance.now() - begun)} ms`);
  } catch (error) {
    const path = keep(values.findings, input);
    console.log(`FOUND ${path}\n${(error as Error).stack}`);
    process.exit(1);
  }
}

/** Runs some inputs and gives those that got where none was before. Asking V8 costs more than a run, so it is asked once for all of them. */
async function novel(batch: readonly Uint8Array[]): Promise<Uint8Array[]> {
  batch.forEach(run);
  if ((await coverage.take()).length === 0) return [];
  const found: Uint8Array[] = [];
  for (const input of batch) {
    run(input);
    const blocks = await coverage.take();
    if (blocks.length > 0) found.push(input);
    coverage.learn(blocks);
  }
  return found;
}

function keep(folder: string, input: Uint8Array): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, createHash('sha256').update(input).digest('hex').slice(0, 16));
  writeFileSync(path, input);
  return path;
}

await coverage.start();
const folders = values.minimise ? others : [corpus, ...others];
const files = folders.filter(existsSync).flatMap((folder) =>
  readdirSync(folder)
    .sort()
    .map((file) => join(folder, file)),
);
// The shortest first: what the others add is then kept.
const stored = files.map((file) => readFileSync(file)).sort((a, b) => a.length - b.length);
inputs.push(...(await novel(stored)));
console.log(`${name}: ${inputs.length} of ${stored.length} inputs, ${coverage.size} blocks, seed ${values.seed}`);
if (values.minimise) {
  for (const input of inputs) keep(corpus, input);
  process.exit(0);
}
if (inputs.length === 0) inputs.push(new Uint8Array(4));
const end = performance.now() + Number(values.seconds) * 1000;
while (performance.now() < end) {
  const batch = Array.from({ length: 32 }, () => mutate(random.pick(inputs), random.pick(inputs), random, LONGEST));
  for (const input of await novel(batch)) {
    inputs.push(input);
    keep(corpus, input);
  }
}
console.log(`${name}: ${runs} runs, ${inputs.length} inputs, ${coverage.size} blocks`);
