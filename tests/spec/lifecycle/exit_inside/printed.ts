console.log('x'.repeat(300_000).length);
yeet.exit(3);
