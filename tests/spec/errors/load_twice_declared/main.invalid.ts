const a = 1;
let b = 2;
const a = 3;
