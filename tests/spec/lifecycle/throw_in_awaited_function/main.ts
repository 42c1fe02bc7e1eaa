async function inner(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  throw new TypeError('in a function');
}

async function outer(): Promise<void> {
  await inner();
}

await outer();
