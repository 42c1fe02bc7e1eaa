throw new Proxy(new Error('behind a proxy'), {});
