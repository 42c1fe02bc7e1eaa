console.log('index.ts');
