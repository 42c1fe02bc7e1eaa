import { BpfObject } from 'yeet:bpf';

const object = new BpfObject({ exe: 'x.bpf.o' });
console.log(object.bind('a', { kind: 'hash' }) === object, object.attach('p', null) === object);
console.log(
  object.bind('b', { kind: 'data' }).attach('q').bind('c', { kind: 'ringbuf' }).attach('r', false) === object,
);
