import object from '../../../fixtures/spec/attach.bpf.o';

// The trigger looks which programs this process holds (type 1 is socket, 5 tracepoint), and ends it.
const control = await object.start();
yeet.onSignal(async () => {
  await control.stop();
  yeet.exit(0);
});
console.log('started');
await new Promise(() => {});
