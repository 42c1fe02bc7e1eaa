throw Object.create(null, { a: { value: 1, enumerable: true } });
