await new Promise((resolve) => setTimeout(resolve, 20));
console.log('inside');
export const value = 7;
