console.log('src/index.ts');
