console.log('main.mts');
