const attempts: (() => unknown)[] = [
  () => 'x'.repeat(2 ** 30),
  () => new ArrayBuffer(2 ** 52),
  () => new Uint8Array(2 ** 45),
  () => Array.from({ length: 2 ** 33 }),
  () => 2n ** (2n ** 40n),
];
for (const attempt of attempts) {
  try {
    attempt();
    console.log('allocated');
  } catch (error) {
    console.log(String(error));
  }
}
