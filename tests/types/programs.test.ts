import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const here = import.meta.dirname;
const tsc = join(here, '../../node_modules/typescript/bin/tsc');
const { stdout } = spawnSync(process.execPath, [tsc, '--project', here, '--pretty', 'false'], {
  encoding: 'utf8',
  cwd: here,
});
const found = [...stdout.matchAll(/^(.+?)\((\d+),\d+\): error (TS\d+):/gm)].map(([, file, line, code]) => {
  return { file: file as string, mark: `${line} ${code}` };
});

function programs(folder: string): string[] {
  return readdirSync(join(here, folder)).map((name) => `${folder}/${name}`);
}

/** `line code` of each line that ends in `// error: CODE`. */
function marks(file: string): string[] {
  const lines = readFileSync(join(here, file), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const mark = /\/\/ error: (TS\d+)$/.exec(line);
    return mark === null ? [] : [`${index + 1} ${mark[1]}`];
  });
}

function problems(file: string): string[] {
  return found.filter((problem) => problem.file === file).map(({ mark }) => mark);
}

describe('tsc accepts with the declarations of an object', () => {
  for (const file of programs('right')) it(file, () => assert.deepEqual(problems(file), []));
});

describe('tsc refuses', () => {
  for (const file of programs('wrong')) {
    it(file, () => {
      assert.notDeepEqual(marks(file), []);
      assert.deepEqual(problems(file), marks(file));
    });
  }
});

it('tsc says nothing of other files', () => {
  const known = [...programs('right'), ...programs('wrong')];
  assert.deepEqual(
    found.filter(({ file }) => !known.includes(file)),
    [],
  );
  assert.ok(programs('right').length > 10 && programs('wrong').length > 10);
});
