console.log('main.ts');
