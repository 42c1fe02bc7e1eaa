console.log('%s %d %i %f %j %o %O %%', 'text', 1.5, 2.9, '3.5', { a: 1 }, { b: 2 }, { c: 3 }, 'rest', 4);
console.log('%s %s %s', 1n, Symbol('s'), { a: 1 });
console.log('%d %i %f', 'no number', 'none', 'none');
console.log('%s');
console.log('%x %c|', 'color: red');
console.log(1, '%s', 'not a format');
