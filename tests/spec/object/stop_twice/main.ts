import object from '../../../fixtures/spec/attach.bpf.o';

const control = await object.start();
const stopping = control.stop();
console.log(stopping === control.stop());
await stopping;
console.log(stopping === control.stop());
await control.stop();
