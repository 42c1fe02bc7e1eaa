console.log(`${'x'.repeat(10_000_000)} whole`);
yeet.exit(0);
