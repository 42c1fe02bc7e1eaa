console.log(yeet.args);
console.log(yeet.args.dry_run, yeet.args['dry-run'], yeet.args.missing);
