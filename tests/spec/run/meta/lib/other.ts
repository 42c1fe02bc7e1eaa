const { url, main, filename, dirname } = import.meta;
console.log(url, main, filename, dirname);
