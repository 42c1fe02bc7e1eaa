let lines = ['x'];
for (;;) lines = lines.concat(lines.map((line) => `${line} and more`));
