// @ts-nocheck: it is wrong on purpose
const element = <b>bold</b>;
console.log(element);
