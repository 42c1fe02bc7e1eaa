console.log('main.js');
