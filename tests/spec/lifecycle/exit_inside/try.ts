try {
  yeet.exit(3);
} catch {
  console.log('never');
} finally {
  console.log('never');
}
