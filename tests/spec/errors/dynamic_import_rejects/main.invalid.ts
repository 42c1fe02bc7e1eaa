for (const specifier of ['./missing.ts', 'lodash', './broken.invalid.ts', './config.json', './lib.ts']) {
  try {
    await import(specifier);
    console.log('imported', specifier);
  } catch (error) {
    console.log(`${error}\n`);
  }
}
await import('./missing.ts');
