const kind: string = 'mts';
console.log(kind);
