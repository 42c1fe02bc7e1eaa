console.log('ran as', yeet.args);
