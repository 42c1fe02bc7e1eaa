import { printable } from '../../text.ts';
import type { MapReport, Program, Report, Struct } from './report.ts';
import type { Section } from './section.ts';
import { columns, show, wrapped } from './text.ts';

/** The report for people. */
export function human(report: Report): string {
  const { license, kernel } = report;
  const lines = [
    report.file,
    ...columns(
      [
        ['license', license ?? 'none: the kernel refuses what is for GPL programs only'],
        ['kernel', kernel === null ? 'nothing known' : `Linux ${kernel.version} or later, for ${kernel.because}`],
      ],
      '  ',
    ),
    ...part('Programs', report.programs.map(program)),
    ...part('Maps', report.maps.map(map)),
    ...part('Global variables', report.sections.map(section)),
    ...part('Structs', report.structs.map(struct)),
  ];
  return printable(`${lines.join('\n')}\n`);
}

function part(title: string, entries: readonly (readonly string[])[]): string[] {
  return entries.length === 0 ? [] : ['', title, ...entries.flatMap((lines) => ['', ...lines])];
}

function program(one: Program): string[] {
  const calls = [...one.helpers, ...one.kfuncs].map(({ name }) => name);
  const type = one.attachType === null ? one.type : `${one.type}, ${one.attachType}`;
  const about = (name: string, text: string): string[] => {
    const [first = '', ...more] = wrapped(text, '             ');
    return [`    ${name.padEnd(9)}${first.trimStart()}`, ...more];
  };
  return [
    `  ${one.name}  SEC("${one.optional ? '?' : ''}${one.section}")`,
    ...about('type', `${type}; ${one.instructions} instructions`),
    ...about('attach', one.attach.text),
    ...(one.optional ? about('', `only where attach('${one.name}') asks for it`) : []),
    ...(one.attach.spec === null ? [] : [`             .attach('${one.name}', ${one.attach.spec})`]),
    ...(calls.length === 0 ? [] : about('calls', calls.join(', '))),
    ...about('kernel', oldest(one)),
  ];
}

function oldest({ kernel, helpers, kfuncs }: Program): string {
  const known = kernel === null ? 'nothing known' : `${kernel.version} or later, for ${kernel.because}`;
  const unknown = [...helpers, ...kfuncs].filter(({ since }) => since === null).map(({ name }) => name);
  return unknown.length === 0 ? known : `${known}; not known for ${unknown.join(', ')}`;
}

function map(one: MapReport): string[] {
  const sizes =
    one.type === 'ringbuf'
      ? `${one.maxEntries} bytes`
      : `${one.maxEntries} entries of ${one.keySize} + ${one.valueSize} bytes`;
  const { inner } = one;
  const rows = [
    ...(one.key === null ? [] : [['key', one.key.c, one.key.ts]]),
    ...(one.value === null ? [] : [['value', one.value.c, one.value.ts]]),
    ...(inner === null
      ? []
      : [['inner', `${inner.mapType}, ${inner.maxEntries} entries of ${inner.keySize} + ${inner.valueSize} bytes`]]),
    ...(one.flags.length === 0 ? [] : [['flags', one.flags.join(' ')]]),
    ['open', `.bind('${one.name}', { kind: '${one.bind}' })`, `new ${one.class}(control, '${one.name}')`],
  ];
  return [`  ${one.name}  ${one.type}, ${sizes}`, ...columns(rows, '    ', 64)];
}

function section({ name, kernelName, size, variables }: Section): string[] {
  const rows = variables.map(({ c, ts, value }) => [`${c};`, ts, value === undefined ? '' : `= ${show(value)}`]);
  return [`  ${name}  ${size} bytes, to the kernel ${kernelName}`, ...columns(rows, '    ')];
}

function struct({ c, ts, size, members }: Struct): string[] {
  const rows = members.map(({ c: line, level, offset, ts: type }) => [
    `${'  '.repeat(level)}${line}`,
    offset === null ? '' : `@${offset}`,
    type ?? '',
  ]);
  return [`  ${c}  ${size} bytes, ${ts}`, ...columns(rows, '    ')];
}
