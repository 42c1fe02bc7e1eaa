import { BpfObject } from 'yeet:bpf';
import second from '../../../fixtures/spec/../spec/probe.bpf.o';
import other from '../../../fixtures/spec/maps.bpf.o';
import first from '../../../fixtures/spec/probe.bpf.o';

const { default: third } = await import('../../../fixtures/spec/probe.bpf.o');
console.log(first === second, first === third, first === other);
console.log(first instanceof BpfObject, other instanceof BpfObject);
