queueMicrotask(() => console.log('microtask'));
console.log('sync');
await null;
for (const callback of [undefined, 'code()']) {
  try {
    queueMicrotask(callback as unknown as () => void);
  } catch (error) {
    console.log(String(error));
  }
}
