yeet.exit(255);
