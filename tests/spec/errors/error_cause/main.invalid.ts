function read(): never {
  throw new Error('no such map');
}
try {
  read();
} catch (cause) {
  throw new Error('cannot start', { cause: new TypeError('in between', { cause }) });
}
