console.log('text', 1, { a: 'b', c: [null, true] });
console.error('text', 2, [undefined]);
console.log('%cstyled', 'color: red');
