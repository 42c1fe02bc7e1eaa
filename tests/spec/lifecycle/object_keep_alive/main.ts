import probe from '../../../fixtures/spec/ring.bpf.o';

await probe.start();
console.log('settled');
