import { BpfObject } from 'yeet:bpf';
import { failure } from '../../../fixtures/spec/check.ts';

const base = `${import.meta.dirname}/../../../fixtures/spec`;
const object = new BpfObject({ exe: 'attach.bpf.o', base }).attach('nobody');
for (let i = 0; i < 3; i++) console.log((await failure(() => object.start())).replace(object.exe, 'attach.bpf.o'));
const control = await new BpfObject({ exe: 'attach.bpf.o', base }).start();
await control.stop();
