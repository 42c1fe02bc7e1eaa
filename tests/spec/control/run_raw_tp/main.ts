import object from '../../../fixtures/spec/control.bpf.o';

const control = await object.attach('add', false).attach('sum_words', { autoattach: false }).start();
console.log(await control.run('sum_words', { ctx: [3, 4n] }));
console.log((await control.run('sum_words', { ctx: [3, -5], cpu: 0 })).returnValue);
await control.stop();
