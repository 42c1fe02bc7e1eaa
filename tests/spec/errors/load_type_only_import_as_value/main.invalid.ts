import type { run } from './lib.ts';

const options = { fast: true };
run(options);
