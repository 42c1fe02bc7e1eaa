throw new Error('column 7');
