console.log(yeet.args);
