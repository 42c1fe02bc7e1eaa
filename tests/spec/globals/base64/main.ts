console.log(btoa('a\u00ff'), atob('Yf8=') === 'a\u00ff', atob(' Y W I = '), btoa(''));
for (const work of [() => atob('*'), () => atob('a'), () => btoa('€')]) {
  try {
    work();
  } catch (error) {
    console.log(error instanceof DOMException, (error as Error).name, (error as DOMException).code);
  }
}
