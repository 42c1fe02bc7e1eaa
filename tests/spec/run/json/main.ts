import config from './config.json' with { type: 'json' };
import deep from './deep.json' with { type: 'json' };
import text from './text.json' with { type: 'json' };

const again = await import('./config.json', { with: { type: 'json' } });
console.log(config, again.default === config, text);
let depth = 0;
for (let at: unknown = deep; Array.isArray(at); at = at[0]) depth++;
console.log(depth);
