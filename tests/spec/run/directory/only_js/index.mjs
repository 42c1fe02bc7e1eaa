console.log('index.mjs');
