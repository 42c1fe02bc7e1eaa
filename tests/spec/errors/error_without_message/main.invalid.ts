class ProbeError extends Error {
  override name = 'ProbeError';
}
Promise.reject(new Error());
throw new ProbeError('named');
