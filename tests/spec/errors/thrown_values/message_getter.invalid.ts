const error = new Error('shown');
Object.defineProperty(error, 'message', {
  get() {
    throw new Error('a bomb');
  },
});
throw error;
