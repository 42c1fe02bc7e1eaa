const target = new EventTarget();
target.addEventListener('ping', () => {
  throw new Error('in a listener');
});
target.dispatchEvent(new Event('ping'));
console.log('never');
