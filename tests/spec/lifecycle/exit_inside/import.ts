await import('./exits.ts');
console.log('never');
