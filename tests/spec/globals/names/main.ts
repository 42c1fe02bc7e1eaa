const language =
  `AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date
  DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array
  Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String SuppressedError
  Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI decodeURIComponent
  encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt undefined unescape`.split(
    /\s+/,
  );

const names = Reflect.ownKeys(globalThis).map(String);
console.log(
  names
    .filter((name) => !language.includes(name))
    .sort()
    .join('\n'),
);
console.log(
  'missing:',
  language.filter((name) => !names.includes(name)),
);
console.log(
  'above:',
  Reflect.ownKeys(Object.getPrototypeOf(globalThis))
    .map(String)
    .filter((name) => !(name in {})),
);
