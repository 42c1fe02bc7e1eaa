queueMicrotask(() => yeet.exit(3));
await new Promise(() => {});
