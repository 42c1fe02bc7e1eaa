setTimeout(() => console.log('never'), 0);
yeet.exit(3);
