try {
  throw new Error('caught');
} catch {
  yeet.exit(3);
}
