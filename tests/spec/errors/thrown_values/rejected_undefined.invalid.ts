await null;
Promise.reject(undefined);
