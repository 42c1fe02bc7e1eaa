const url = new URL('../x?y=1&y=2#z', 'http://user:pw@host:8080/a/b/c');
console.log(url.href, url.port, url.searchParams.getAll('y'), `${url}`, JSON.stringify({ url }));
url.searchParams.append('q', 'a b&c');
url.pathname = '/new path';
console.log(url.href, URL.canParse('nope'), URL.parse('nope'), URL.parse('a:b')?.protocol);
const params = new URLSearchParams({ b: '2', a: '1' });
params.sort();
console.log(
  [...params],
  params.size,
  params.has('a', '2'),
  params.toString(),
  new URLSearchParams([['k', 'ä']]).toString(),
);
try {
  new URL('nope');
} catch (error) {
  console.log(String(error));
}
console.log(url);
