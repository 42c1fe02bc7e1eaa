Error.prepareStackTrace = () => {
  throw 1;
};
throw new Error('still reported');
