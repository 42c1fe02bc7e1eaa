import config from './config.json';

console.log(config);
