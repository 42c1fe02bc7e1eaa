await null;
console.log('ready');
try {
  for (;;);
} catch {
  console.log('never');
} finally {
  console.log('never');
}
