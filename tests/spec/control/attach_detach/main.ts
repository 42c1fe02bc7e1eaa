import { HashMap } from 'yeet:bpf';
import { all, doorbell, text, withDoorbell } from '../../../fixtures/spec/check.ts';
import object from '../../../fixtures/spec/control.bpf.o';

const control = await withDoorbell(object)
  .bind('hits', { kind: 'hash' })
  .attach('add', false)
  .attach('by_tracepoint', { autoattach: false })
  .start();
const ring = await doorbell(control);
const hits = new HashMap<bigint, bigint>(control, 'hits');
const show = async (when: string) => {
  ring(0);
  const program = control.programs().find(({ name }) => name === 'by_tracepoint');
  const counts = (await all(hits.entries())).sort(([a], [b]) => (a < b ? -1 : 1));
  console.log(when, text(counts), text(program?.attached.map(({ target }) => target)), program?.id !== undefined);
};
await show('loaded:');
await control.attach('by_tracepoint');
await show('attached:');
await control.detach('by_tracepoint');
await show('detached:');
await control.attach('by_tracepoint', null);
await show('attached again:');
await control.detach('by_tracepoint');
await control.detach('by_tracepoint');
await show('detached twice:');
await control.stop();
