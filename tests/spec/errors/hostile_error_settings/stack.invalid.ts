const error = new Error('its stack is a number');
error.stack = 42;
throw error;
