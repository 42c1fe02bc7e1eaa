import assert from 'node:assert/strict';
import { AttachSpecError, parseAttach } from '../../js/attach/mod.ts';

const KEYS = [
  ...['kind', 'binary', 'symbol', 'match', 'offset', 'pid', 'cookie', 'provider', 'name', 'event', 'cpus', 'target'],
  ...[
    'sample',
    'freq',
    'period',
    'ns',
    'interfaces',
    'interface',
    'order',
    'direction',
    'cgroup',
    'path',
    'pf',
    'hook',
  ],
  ...['priority', 'map', 'task', 'tid', 'walk', 'autoattach', 'places', '__proto__', 'constructor', 'x'],
];
const WORDS = [
  ...['uprobe', 'usdt', 'perf', 'xdp', 'tcx', 'cgroup', 'netns', 'netfilter', 'iter', 'host', 'inet4', 'local_in'],
  ...[
    'software',
    'hardware',
    'cpu_clock',
    'instructions',
    'ingress',
    'before',
    'all',
    '/bin/true',
    'main',
    '18446744073709551616',
  ],
];
const VALUES = [
  null,
  undefined,
  true,
  false,
  0,
  1,
  -1,
  1.5,
  Number.NaN,
  2 ** 32,
  2 ** 53,
  1n,
  -1n,
  1n << 64n,
  /a(b|c)*/i,
];

/** What a script may hand to `attach()`, however odd: an AttachSpecError, or what native code takes. */
export function specs(input: Uint8Array): void {
  const reader = new Reader(input);
  const program = reader.byte() % 8 === 0 ? reader.value(3) : 'program';
  const spec = reader.value(0);
  try {
    const parsed = parseAttach(program, spec);
    // It crosses to native code by structure: nothing but plain values may be in it.
    assert.equal(typeof JSON.stringify(parsed), 'string');
  } catch (error) {
    if (!(error instanceof AttachSpecError)) throw error;
    assert.ok(error.message.length < 2000, 'a message without end');
  }
}

/** Reads bytes as a JavaScript value. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? 0;
  }

  value(depth: number): unknown {
    switch (this.byte() % 8) {
      case 0:
        return VALUES[this.byte() % VALUES.length];
      case 1:
        return WORDS[this.byte() % WORDS.length];
      case 2:
        return this.byte() | (this.byte() << 8);
      case 3:
        return String.fromCharCode(...Array.from({ length: this.byte() % 16 }, () => this.byte()));
      case 4:
        if (depth > 3) return undefined;
        return Array.from({ length: this.byte() % 6 }, () => this.value(depth + 1));
      default: {
        if (depth > 3) return undefined;
        const object: Record<string, unknown> = {};
        for (let left = this.byte() % 8; left > 0; left--) {
          // Not an assignment, which would take `__proto__` for what it is.
          const key = KEYS[this.byte() % KEYS.length] as string;
          Object.defineProperty(object, key, { value: this.value(depth + 1), enumerable: true, configurable: true });
        }
        return object;
      }
    }
  }
}
