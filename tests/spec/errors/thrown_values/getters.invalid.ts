throw {
  get message() {
    throw new Error('a bomb');
  },
  get stack() {
    throw new Error('a bomb');
  },
};
