const bytes = new TextEncoder().encode('aé€😀\ud800');
console.log(bytes, new TextDecoder().decode(bytes));
console.log(new TextEncoder().encodeInto('aé€', new Uint8Array(4)), new TextEncoder().encode());
console.log(
  new TextDecoder('utf-16le').decode(new Uint8Array([0x41, 0, 0xe9, 0])),
  new TextDecoder('latin1').decode(new Uint8Array([0xe9])),
);
const stream = new TextDecoder();
console.log([0xe2, 0x82, 0xac].map((byte) => stream.decode(new Uint8Array([byte]), { stream: true })));
console.log(
  new TextDecoder().decode(new Uint8Array([0xff, 0x41])),
  new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x41])).length,
);
for (const work of [
  () => new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff])),
  () => new TextDecoder('utf-9'),
]) {
  try {
    work();
  } catch (error) {
    console.log(String(error));
  }
}
