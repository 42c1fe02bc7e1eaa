export const fail = (): never => {
  throw new Error('in the library');
};
