import './lib/other.ts';

const { url, main, filename, dirname } = import.meta;
console.log(url, main, filename, dirname);
console.log(import.meta.resolve('./lib/x.ts'), import.meta.resolve('yeet:bpf'));
