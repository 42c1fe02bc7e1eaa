setTimeout(() => {}, 60_000);
setInterval(() => {}, 60_000);
