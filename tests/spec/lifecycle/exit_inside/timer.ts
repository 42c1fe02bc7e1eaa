setTimeout(() => yeet.exit(3), 5);
await new Promise(() => {});
