import * as bpf from 'yeet:bpf';
import object from '../../../fixtures/spec/maps.bpf.o';

const control = await object.bind('counts', { kind: 'hash' }).start();
const names = (of: object): string[] => {
  const found = new Set<string>();
  for (let proto = of; proto !== Object.prototype; proto = Object.getPrototypeOf(proto) as object) {
    for (const key of Reflect.ownKeys(proto)) if (typeof key === 'string' && key !== 'constructor') found.add(key);
  }
  return [...found].sort();
};
for (const [name, Class] of Object.entries(bpf).sort()) console.log(name, names(Class.prototype as object).join(' '));
// Nothing is left on the instance either.
console.log(names(new bpf.HashMap(control, 'counts')).join(' '));
await control.stop();
