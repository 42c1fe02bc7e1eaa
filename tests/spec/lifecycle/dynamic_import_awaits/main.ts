console.log('before');
const { value } = await import('./other.ts');
console.log('after', value);
