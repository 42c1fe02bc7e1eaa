console.log('mjs');
