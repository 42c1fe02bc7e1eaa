console.log('evaluated');
let n = 0;
export const count = () => ++n;
