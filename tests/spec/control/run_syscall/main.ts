import object from '../../../fixtures/spec/control.bpf.o';

const control = await object.start();
console.log(await control.run('add', { ctx: { a: 2n ** 40n, b: 7, word: 'hello' } }));
console.log(await control.run('add', { ctx: {} }));
// As bytes, it comes back as bytes.
const bytes = new Uint8Array(32);
bytes[0] = 40;
bytes[8] = 2;
const { ctx } = await control.run('add', { ctx: bytes });
console.log((ctx as Uint8Array)[24], bytes[24]);
await control.stop();
