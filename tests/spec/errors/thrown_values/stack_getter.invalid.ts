const error = new Error('shown');
Object.defineProperty(error, 'stack', {
  get() {
    throw new Error('a bomb');
  },
});
throw error;
