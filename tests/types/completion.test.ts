import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import ts from 'typescript';

const here = import.meta.dirname;
const script = join(here, 'script.ts');

/** The library's files are read once. */
const registry = ts.createDocumentRegistry();

/** What an editor offers at `|` in a script beside flows.bpf.o. */
function offered(marked: string): string[] {
  const text = marked.replace('|', '');
  const { config } = ts.readConfigFile(join(here, 'tsconfig.json'), ts.sys.readFile) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, here);
  const typings = ['globals', 'yeet-bpf', 'object-types', 'bpf-object'].map((name) =>
    join(here, `../../typings/${name}.d.ts`),
  );
  const read = (path: string): string | undefined => (path === script ? text : ts.sys.readFile(path));
  const service = ts.createLanguageService(
    {
      getCompilationSettings: () => options,
      getScriptFileNames: () => [script, ...typings],
      getScriptVersion: (path) => (path === script ? text : '1'),
      getScriptSnapshot: (path) => {
        const found = read(path);
        return found === undefined ? undefined : ts.ScriptSnapshot.fromString(found);
      },
      getCurrentDirectory: () => here,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: (path) => path === script || ts.sys.fileExists(path),
      readFile: read,
    },
    registry,
  );
  return service.getCompletionsAtPosition(script, marked.indexOf('|'), {})?.entries.map(({ name }) => name) ?? [];
}

const head = readFileSync(join(here, 'right/hash.ts'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('import'))
  .join('\n')
  .replaceAll('../flows', './flows')
  .replace("import { exactly } from './exactly.ts';", '');

it('an editor offers the names of the object', () => {
  assert.deepEqual(offered(`${head}\nprobe.bind('flows', { kind: '|' });`).sort(), [
    'hash',
    'hash-map',
    'hash_map',
    'hashmap',
    'raw',
  ]);
  assert.deepEqual(offered(`${head}\nprobe.attach('|');`).sort(), ['on_call', 'on_exec', 'on_packet', 'on_tick']);
  const open = `${head}\nconst control = await probe.bind('flows', { kind: 'hash' }).start();\n`;
  assert.deepEqual(offered(`${open}new HashMap(control, '|');`), ['flows']);
  const members = offered(`${open}(await new HashMap(control, 'flows').lookup({ port: 1 }))?.|`);
  assert.deepEqual(members.sort(), ['bytes', 'comm', 'next', 'open', 'packets', 'peer', 'verdict']);
  assert.ok(offered(`${open}await new HashMap(control, 'flows').lookup({ | });`).includes('saddr'));
  assert.ok(offered(`${head}\nprobe.bind('events', { kind: 'ringbuf', btf_struct: '|' });`).includes('event'));
});
