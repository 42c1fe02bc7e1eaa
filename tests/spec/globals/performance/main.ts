const a = performance.now();
const b = performance.now();
console.log(a > 0, a < 5000, b >= a, Math.abs(performance.timeOrigin + a - Date.now()) < 1000);
performance.mark('begin', { detail: { n: 1 } });
const measure = performance.measure('all', 'begin');
console.log(
  measure.name,
  measure.duration >= 0,
  performance.getEntriesByType('mark').length,
  performance.getEntries().length,
);
performance.clearMarks();
console.log(performance.getEntries().map((entry) => entry.entryType));
