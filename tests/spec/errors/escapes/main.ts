import { BpfObject } from 'yeet:bpf';
import { caught } from '../../../fixtures/spec/check.ts';
import hostile from './hostile.bpf.o';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const RAW = /[\0-\x08\x0b-\x1f\x7f-\x9f]/u;

// A line of C in the object's BTF.ext clears the screen; the kernel repeats it in its log.
const rejected = await caught(() => hostile.start());
console.log(rejected.code, RAW.test(rejected.message), RAW.test(rejected.log ?? '\0'));
console.log(rejected.message.split('\n').filter((line) => line.startsWith('  at ')));

// A file's name, an option of the script's own, a name that nothing has.
for (const work of [
  () => new BpfObject({ exe: 'gone\x1b[2J.bpf.o' }).start(),
  () => new BpfObject({ exe: 'x.bpf.o' }).bind('name\x1b]0;x\x07', {} as never),
  () => new BpfObject({ exe: hostile.exe, base: import.meta.dirname }).attach('nothing\r\u202e', null).start(),
]) {
  const error = await caught(work);
  console.log(error.code, RAW.test(error.message), error.message.replace(/\/.*\//u, '/…/'));
}

// What yeet prints of an error that nobody caught.
throw new Error('\x1b[31mred\x07 \u009b2J');
