const missing = './missing.ts';
import(missing).catch((error: Error) => console.log(error.message.split('\n')[0]));
import('./other.ts').then(() => console.log('never'));
setTimeout(() => console.log('never'), 0);
console.log('end');
