import('./missing.ts');
console.log('end');
