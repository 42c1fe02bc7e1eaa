const kept: object[] = [];
async function fill(): Promise<never> {
  try {
    for (;;) kept.push({ at: kept.length, more: [kept.length] });
  } catch {
    console.log('never');
  } finally {
    console.log('never');
  }
  throw new Error('never');
}
await fill().catch(() => console.log('never'));
