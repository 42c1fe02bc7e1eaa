throw 42n;
