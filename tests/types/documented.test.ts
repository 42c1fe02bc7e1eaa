import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { check } from './check.ts';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/types.md'), 'utf8');
const blocks = (language: string): string[] => {
  const found = page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'));
  return [...found].map(([, block]) => block as string);
};

it('tsc says what docs/types.md says', () => {
  const [wrong = '', right = ''] = blocks('ts');
  const [said = ''] = blocks('text');
  const found = check({
    'main.ts': wrong,
    'right.ts': `${right}console.log(line);\n`,
    'execsnoop.bpf.d.o.ts': readFileSync(join(root, 'examples/execsnoop/execsnoop.bpf.d.o.ts'), 'utf8'),
  });
  assert.equal(found, said);
});
