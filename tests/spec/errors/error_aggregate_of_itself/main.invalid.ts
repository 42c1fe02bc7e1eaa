const error = new AggregateError([], 'loop');
error.errors.push(error);
throw error;
