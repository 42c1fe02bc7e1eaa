const kind: string = 'ts';
console.log(kind);
