try {
  await new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 5));
} finally {
  await new Promise((resolve) => setTimeout(resolve, 10));
  console.log('cleaned up');
}
