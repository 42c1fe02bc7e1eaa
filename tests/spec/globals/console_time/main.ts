console.time('load');
console.timeLog('load', { at: 1 });
console.timeEnd('load');
