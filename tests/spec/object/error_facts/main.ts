import { BpfError, HashMap } from 'yeet:bpf';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('counts', { kind: 'hash' }).start();
try {
  await new HashMap(control, 'counts').delete(1);
} catch (error) {
  console.log(error instanceof BpfError, error instanceof Error, Object.prototype.toString.call(error));
  if (!(error instanceof BpfError)) throw error;
  const { name, code, errno, map, program, path, applied, missed, log } = error;
  console.log({ name, code, errno, map, program, path, applied, missed, log });
  console.log(String(error));
  console.log(error.stack?.includes('error_facts/main.ts:6'));
}
await control.stop();
