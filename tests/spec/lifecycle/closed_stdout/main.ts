for (;;) console.log('y');
