const start = Date.now();
while (true) if (Date.now() - start > 20) yeet.exit(3);
