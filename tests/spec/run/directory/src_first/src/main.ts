console.log('src/main.ts');
