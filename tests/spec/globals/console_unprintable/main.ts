const { proxy, revoke } = Proxy.revocable({}, {});
revoke();
console.log(proxy);
console.error('%j', { a: 1n });
console.log('goes on');
