await null;
yeet.exit(3);

export {};
