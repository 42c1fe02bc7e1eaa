Promise.reject(new Error('not reported: the script has ended'));
yeet.exit(3);
