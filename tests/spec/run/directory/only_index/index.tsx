console.log('index.tsx');
