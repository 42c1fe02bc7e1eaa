const target = new EventTarget();
target.addEventListener('ping', () => yeet.exit(3));
target.dispatchEvent(new Event('ping'));
console.log('never');
