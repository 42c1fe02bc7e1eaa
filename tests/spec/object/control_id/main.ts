import object from '../../../fixtures/spec/attach.bpf.o';

const ids = [];
for (let i = 0; i < 3; i++) {
  const control = await object.start();
  ids.push(control.id);
  await control.stop();
}
console.log(
  ids.every((id) => typeof id === 'string' && id.startsWith('attach')),
  new Set(ids).size,
);
