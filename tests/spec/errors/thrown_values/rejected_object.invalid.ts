await Promise.reject({ code: 2 });
