console.log('js');
