const gone = [
  'Deno',
  '__bootstrap',
  '__yeet',
  '__modules',
  'process',
  'require',
  'fetch',
  'WebAssembly',
  'core',
  'ops',
  'primordials',
  'internals',
];
console.log(gone.filter((name) => name in globalThis));

const specifiers = [
  'ext:core/mod.js',
  'ext:core/ops',
  'ext:deno_web/00_url.js',
  'ext:yeet/main.ts',
  'ext:yeet/fast_ops.js',
  'node:fs',
  'npm:left-pad',
  'jsr:@std/fs',
  'deno:std',
  'https://example.com/x.js',
  'http://example.com/x.js',
  'data:text/javascript,export default 1',
  'blob:null/1',
  'about:blank',
  'internal:deno',
  'yeet:nothing',
  'checkin:x',
  '/etc/passwd',
  'file:///etc/passwd',
  'file://elsewhere/etc/passwd.ts',
];
for (const specifier of specifiers) {
  try {
    await import(specifier);
    console.log('imported', specifier);
  } catch (error) {
    console.log((error as Error).message.split('\n')[0]);
  }
}

// The receivers and functions of the frames between a callback and the runtime would be a way in.
type Site = { getThis(): unknown; getFunction(): unknown };
(Error as unknown as { prepareStackTrace: unknown }).prepareStackTrace = (_: Error, sites: Site[]) =>
  sites.map((site) => [site.getThis(), site.getFunction()]);
const reach = (): unknown[] =>
  (new Error().stack as unknown as unknown[][]).flat().filter((part) => part !== undefined);
await new Promise<void>((resolve) =>
  setTimeout(() => {
    console.log('through a stack:', reach());
    resolve();
  }),
);
