await new Promise((resolve) => setTimeout(resolve, 5));
yeet.exit(3);
