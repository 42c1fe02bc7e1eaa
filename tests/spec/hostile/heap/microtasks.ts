const kept: unknown[] = [];
const spin = (): void => {
  kept.push({});
  queueMicrotask(spin);
  queueMicrotask(spin);
};
spin();
