const kept: number[][] = [];
for (;;) kept.push(Array.from({ length: 1_000_000 }, Math.random));
