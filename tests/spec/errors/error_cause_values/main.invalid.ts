throw new Error('outer', { cause: { code: 5, list: [1n] } });
