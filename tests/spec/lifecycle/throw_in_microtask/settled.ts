queueMicrotask(() =>
  queueMicrotask(() =>
    queueMicrotask(() => {
      throw new Error('three microtasks later');
    }),
  ),
);
