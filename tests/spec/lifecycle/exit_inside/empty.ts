yeet.exit(3);
