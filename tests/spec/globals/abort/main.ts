const controller = new AbortController();
controller.signal.addEventListener('abort', () => console.log('aborted'));
controller.abort();
controller.abort('again');
console.log(controller.signal.aborted, controller.signal.reason.name, AbortSignal.abort('why').reason);
try {
  controller.signal.throwIfAborted();
} catch (error) {
  console.log(error instanceof DOMException, String(error));
}
const late = AbortSignal.timeout(20);
const any = AbortSignal.any([new AbortController().signal, late]);
const before = performance.now();
await new Promise((resolve) => any.addEventListener('abort', resolve, { once: true }));
console.log(late.reason.name, any.reason === late.reason, performance.now() - before >= 15);
