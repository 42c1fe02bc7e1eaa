import('./other.ts');
console.log('end');
