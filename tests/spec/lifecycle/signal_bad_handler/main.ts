for (const handler of [undefined, null, 'handler', {}]) {
  try {
    yeet.onSignal(handler as () => void);
  } catch (error) {
    console.log(String(error));
  }
}
