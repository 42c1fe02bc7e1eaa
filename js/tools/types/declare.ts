import { Btf } from '../../btf/mod.ts';
import type { MapFacts, ObjectFacts } from '../facts.ts';
import { mapValueTypes } from './maps.ts';
import { comment, property } from './names.ts';
import { Values } from './values.ts';

/**
 * The declarations of an object: the text of the file `x.bpf.d.o.ts` that TypeScript reads beside an import of `x.bpf.o`.
 * Throws a BtfError for BTF that cannot be read.
 */
export function declare(facts: ObjectFacts): string {
  const btf = Btf.parse(facts.btf);
  const values = new Values(btf);
  const structs = btf.listStructs().map((name) => {
    return `    ${property(name)}: ${values.type(btf.findStruct(name) as number)};`;
  });
  // Behind the structs, which keep their names where a section has the same.
  const maps = facts.maps.flatMap((map) => mapLines(btf, map, values));
  const programs = facts.programs.flatMap(({ name, section, kind }) => [
    `    ${comment(`SEC("${section}")`)}`,
    `    ${property(name)}: '${kind}';`,
  ]);
  const { interfaces } = values;
  const lines = [
    `// The types of ${oneLine(facts.file)}, written by \`yeet types\`. Do not edit.`,
    `import type { ${values.usesUnion ? 'BpfObject, Union' : 'BpfObject'} } from 'yeet:bpf';`,
    '',
    'declare const object: BpfObject<Types>;',
    'export default object;',
    '',
    'export interface Types {',
    ...group('maps', maps),
    ...group('structs', structs),
    ...group('programs', programs),
    '}',
    ...interfaces.flatMap((text) => ['', text]),
  ];
  return `${lines.join('\n')}\n`;
}

function group(name: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [`  ${name}: Record<never, never>;`] : [`  ${name}: {`, ...lines, '  };'];
}

/** A data section goes by two names. */
function mapLines(btf: Btf, map: MapFacts, values: Values): string[] {
  const { key, value } = mapValueTypes(btf, map, values);
  const type = map.section === null ? map.mapType : 'data';
  const members = [
    `type: '${type}'`,
    ...(key === undefined ? [] : [`key: ${key}`]),
    ...(value === undefined ? [] : [`value: ${value}`]),
  ];
  const line = (name: string) => `    ${property(name)}: { ${members.join('; ')} };`;
  const about = `    ${comment(description(map))}`;
  if (map.section === null || map.kernelName === map.name) return [about, line(map.name)];
  return [about, line(map.name), `    ${comment(`As ${map.name}`)}`, line(map.kernelName)];
}

function description({ section, mapType, keySize, valueSize, maxEntries }: MapFacts): string {
  if (section !== null) return `Global variables, ${valueSize} bytes`;
  const kernel = `BPF_MAP_TYPE_${mapType.toUpperCase()}`;
  if (mapType === 'ringbuf') return `${kernel}, ${maxEntries} bytes`;
  return `${kernel}, ${maxEntries} entries of ${keySize} + ${valueSize} bytes`;
}

function oneLine(text: string): string {
  return comment(text).slice('/** '.length, -' */'.length);
}
