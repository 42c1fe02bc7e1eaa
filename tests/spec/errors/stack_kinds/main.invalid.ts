class Machine {
  constructor() {
    this.start();
  }
  start(): void {
    void this.speed;
  }
  get speed(): number {
    return Machine.measure();
  }
  static measure(): number {
    return eval('(() => deeper())()');
  }
}
function deeper(): number {
  const { anonymous } = { anonymous: () => { throw new Error('at the bottom'); } };
  return anonymous();
}
Object.assign(globalThis, { deeper });
async function begin(): Promise<void> {
  await null;
  new Machine();
}
await begin();
