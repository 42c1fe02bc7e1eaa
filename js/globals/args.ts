/** What `yeet.args` holds: flags by name, the rest under `_`, and what followed a bare `--` under `--`. */
export interface Args {
  _: string[];
  '--': string[];
  [name: string]: ArgValue | ArgValue[] | string[] | undefined;
}

export type ArgValue = string | number | boolean;

/**
 * Parses the arguments of a script.
 *
 * `--name value` and `--name=value` give the value, a number where it reads as one; `--flag` gives `true` and `--no-flag` gives `false`;
 * a repeated name gives an array in order; `-abc` is `-a -b -c`, and `-n5` is `-n 5`. A word that starts with a dash is never taken as the value of the flag before
 * it, unless it is a negative number. A name with hyphens can be read with underscores too, and the other way round.
 */
export function parseArgs(words: readonly string[]): Args {
  const args: Args = Object.create(null);
  args._ = [];
  args['--'] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string;
    if (word === '--') {
      args['--'] = words.slice(at + 1);
      break;
    }
    if (!isFlag(word)) {
      args._.push(word);
      continue;
    }
    const { names, value } = splitFlag(word);
    if (names.some((name) => RESERVED.has(name))) {
      args._.push(word);
      continue;
    }
    const last = names.pop() as string;
    for (const name of names) add(args, name, true);
    const next = words[at + 1];
    if (value !== undefined) {
      add(args, last, scalar(value));
    } else if (word.startsWith('--no-') && word.length > 5) {
      add(args, last.slice(3), false);
    } else if (next !== undefined && next !== '--' && !isFlag(next)) {
      add(args, last, scalar(next));
      at++;
    } else {
      add(args, last, true);
    }
  }
  return args;
}

/** Names that no flag can have: a word that would give one of them stays a word. */
const RESERVED = new Set(['', '_', '--']);

const isFlag = (word: string): boolean => word.startsWith('-') && word !== '-' && !isNumber(word);

const isNumber = (text: string): boolean =>
  /^-?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) || /^0x[0-9a-f]+$/i.test(text);

/** A number only where no digit is lost: an identifier of twenty digits stays the string that it was. */
function scalar(text: string): ArgValue {
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (!isNumber(text)) return text;
  const value = Number(text);
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
}

function splitFlag(word: string): { names: string[]; value: string | undefined } {
  const short = /^-([A-Za-z])(\d.*)$/.exec(word);
  if (short !== null && isNumber(short[2] as string)) return { names: [short[1] as string], value: short[2] };
  const equals = word.indexOf('=');
  const flag = equals < 0 ? word : word.slice(0, equals);
  const value = equals < 0 ? undefined : word.slice(equals + 1);
  return { names: flag.startsWith('--') ? [flag.slice(2)] : [...flag.slice(1)], value };
}

function add(args: Args, name: string, value: ArgValue): void {
  const old = args[name];
  const now = old === undefined ? value : Array.isArray(old) ? [...(old as ArgValue[]), value] : [old, value];
  for (const spelling of new Set([name, name.replaceAll('-', '_'), name.replaceAll('_', '-')])) {
    // The second spelling is for reading: listing the arguments shows each once, as it was typed.
    Object.defineProperty(args, spelling, {
      value: now,
      writable: true,
      configurable: true,
      enumerable: spelling === name,
    });
  }
}
