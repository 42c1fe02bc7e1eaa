console.log(yeet.args.help, yeet.args.n, yeet.args.keep_alive);
