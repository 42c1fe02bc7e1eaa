throw { code: 1, nested: { map: new Map([[1, 2]]) } };
