import config from './broken.json' with { type: 'json' };

console.log(config);
