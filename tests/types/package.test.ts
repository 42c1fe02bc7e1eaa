import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';

const root = join(import.meta.dirname, '../..');
const typings = join(root, 'typings');
const readme = readFileSync(join(typings, 'README.md'), 'utf8');
let folder: string;

/** The first block of the README in this language. */
function block(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(readme);
  assert.ok(found, `README.md has no ${language}`);
  return found[1] as string;
}

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', [...args, '--offline', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, npm_config_cache: join(folder, 'cache'), npm_config_update_notifier: 'false' },
  });
}

function tsc(): string {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [compiler, '--pretty', 'false'], { cwd: join(folder), encoding: 'utf8' }).stdout;
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'yeet-package-'));
  const [packed] = JSON.parse(npm(typings, 'pack', '--json', '--pack-destination', folder)) as [{ filename: string }];
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  npm(folder, 'install', `./${packed.filename}`);
  writeFileSync(join(folder, 'tsconfig.json'), block('json'));
  writeFileSync(join(folder, 'main.ts'), block('ts'));
});
after(() => rmSync(folder, { recursive: true }));

it('the script of the README type-checks in an empty project with the packed package', () => {
  assert.equal(tsc(), '');
});

it('mistakes are found, and with the declarations of an object those that only they can tell', () => {
  copyFileSync(join(root, 'tests/types/flows.bpf.d.o.ts'), join(folder, 'probe.bpf.d.o.ts'));
  writeFileSync(join(folder, 'typed.ts'), block('ts').replace('event.pid', 'event.process'));
  writeFileSync(join(folder, 'wrong.ts'), "import { HashMap } from 'yeet:bpf';\nnew HashMap();\nprocess.exit();\n");
  const found = tsc()
    .split('\n')
    .map((line) => line.replace(/,\d+\): error (TS\d+):.*/, ') $1'));
  assert.deepEqual(found, ['typed.ts(5) TS2339', 'wrong.ts(2) TS2554', 'wrong.ts(3) TS2591', '']);
});

it('the package has the version of yeet, and every declaration', () => {
  const { version } = JSON.parse(readFileSync(join(typings, 'package.json'), 'utf8')) as { version: string };
  assert.match(readFileSync(join(root, 'Cargo.toml'), 'utf8'), new RegExp(`^version = "${version}"$`, 'm'));
  const files = execFileSync('ls', [join(folder, 'node_modules/yeet-types')], { encoding: 'utf8' }).split('\n');
  for (const name of ['README.md', 'globals.d.ts', 'index.d.ts', 'object-types.d.ts', 'tsconfig.script.json'])
    assert.ok(files.includes(name), `${name} is not in ${files}`);
  assert.ok(!files.includes('tsconfig.json'));
});
