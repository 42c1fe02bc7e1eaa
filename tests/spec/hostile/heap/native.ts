// One call of native code that allocates until there is no more room, where nothing can be interrupted.
const kept: unknown[] = [];
const source = { toJSON: () => kept };
for (let i = 0; i < 100_000; i++) kept.push('x'.repeat(100));
for (;;) kept.push(JSON.parse(JSON.stringify(source)));
