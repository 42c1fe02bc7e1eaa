import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AttachSpecError, parseAttach } from './mod.ts';
import type { UprobePlace } from './spec.ts';

const how = (spec: unknown) => parseAttach('p', spec).how;
const HOST = { kind: 'host' };

function refuses(spec: unknown, message: RegExp): void {
  assert.throws(
    () => parseAttach('p', spec),
    (error) => {
      assert.ok(error instanceof AttachSpecError, String(error));
      assert.equal(error.program, 'p');
      assert.match(error.message, /^attach\('p', \.\.\.\): /);
      assert.match(error.message, message);
      return true;
    },
  );
}

test('by section, left out', () => {
  for (const spec of [undefined, null, {}, { kind: undefined }])
    assert.deepEqual(how(spec), { lane: 'auto', cookie: null });
  assert.deepEqual(how(false), { lane: 'off' });
  refuses('auto', /the spec is "auto", but must be \{ kind, \.\.\. \}, null or \{\}/);
  refuses(true, /the spec is true/);
  refuses(
    { kind: 'uprob', binary: 'x' },
    /kind is "uprob", but must be one of 'uprobe', 'usdt', .*; did you mean "uprobe"\?/,
  );
  refuses({ binary: 'x', symbol: 'y' }, /kind is missing; it must be one of 'uprobe'/);
});

test('by section with a cookie', () => {
  const cookie = (value: unknown) => (how({ cookie: value }) as { cookie: unknown }).cookie;
  assert.deepEqual(how({ cookie: 7n }), { lane: 'auto', cookie: '7' });
  assert.equal(cookie(0), '0');
  assert.equal(cookie(2n ** 64n - 1n), '18446744073709551615');
  for (const bad of [-1, 1.5, 2 ** 53, 2n ** 64n, '7', null]) {
    refuses({ cookie: bad }, /cookie is .*, but must be a BigInt or whole number from 0 to 2 \*\* 64 - 1/);
  }
  refuses({ cookie: 1, symbol: 'f' }, /kind is missing/);
});

test('loaded and not attached', () => {
  assert.deepEqual(how({ autoattach: false }), { lane: 'load' });
  refuses({ autoattach: true }, /autoattach is true, but must be false: load the program without attaching it/);
  refuses({ autoattach: false, cookie: 1 }, /cookie is not an option here \(the options are 'autoattach'\)/);
  refuses([{ autoattach: false }, null], /stand alone/);
});

test('iter', () => {
  const all = { lane: 'iter', map: null, task: null, cgroup: null };
  assert.deepEqual(how({ kind: 'iter' }), all);
  assert.deepEqual(how({ kind: 'iter', map: 'flows' }), { ...all, map: 'flows' });
  assert.deepEqual(how({ kind: 'iter', pid: 7 }), { ...all, task: { kind: 'pid', id: 7 } });
  assert.deepEqual(how({ kind: 'iter', tid: 8n }), { ...all, task: { kind: 'tid', id: 8 } });
  const group = (path: string | null, order: string) => ({ ...all, cgroup: { path, order } });
  assert.deepEqual(how({ kind: 'iter', cgroup: '/sys/fs/cgroup/a' }), group('/sys/fs/cgroup/a', 'descendants_pre'));
  assert.deepEqual(how({ kind: 'iter', order: 'self' }), group(null, 'own'));
  refuses({ kind: 'iter', map: 3 }, /map is 3, but must be the name of a map in the object/);
  refuses({ kind: 'iter', pid: 0 }, /pid is 0, but must be a process id/);
  refuses({ kind: 'iter', tid: 'x' }, /tid is "x", but must be a thread id/);
  refuses({ kind: 'iter', pid: 1, tid: 1 }, /pid and tid exclude each other/);
  refuses({ kind: 'iter', cgroup: 'a' }, /cgroup is "a", but must be the absolute path of a cgroup/);
  refuses(
    { kind: 'iter', order: 'up' },
    /order is "up", but must be one of 'self', 'descendants_pre', 'descendants_post', 'ancestors_up'/,
  );
  refuses({ kind: 'iter', struct: 'x' }, /struct is not an option here/);
});

test('options of classes and prototypes count', () => {
  class Lab {
    kind = 'xdp';
    get ns() {
      return { path: '/run/netns/lab' };
    }
    get ifindex() {
      return ['lo'];
    }
    describe() {
      return 'a method is no option';
    }
  }
  const expected = { lane: 'xdp', ns: { kind: 'path', path: '/run/netns/lab' }, interfaces: ['lo'] };
  assert.deepEqual(how(new Lab()), expected);
  assert.deepEqual(how(Object.create({ kind: 'xdp', ns: { path: '/run/netns/lab' }, ifindex: ['lo'] })), expected);
  assert.deepEqual(how(Object.assign(Object.create(null), { kind: 'xdp' })), {
    lane: 'xdp',
    ns: HOST,
    interfaces: null,
  });
  refuses(Object.create({ kind: 'xdp', order: 'first' }), /order is not an option here/);
});

test('a negative zero is a zero', () => {
  const netfilter = how({ pf: 'inet4', hook: 'local_in', priority: -0 }) as unknown as { priority: number };
  assert.ok(Object.is(netfilter.priority, 0));
  const perf = how({ kind: 'perf', event: { kind: 'software', name: 'cpu_clock' }, cpu: [-0] });
  assert.ok(Object.is((perf as unknown as { cpus: number[] }).cpus[0], 0));
});

test('uprobe', () => {
  const place = { binary: 'libssl.so.1.1', symbol: 'SSL_read', pattern: null, offset: 0, pid: null, cookie: null };
  assert.deepEqual(how({ kind: 'uprobe', binary: 'libssl.so.1.1', symbol: 'SSL_read' }), {
    lane: 'uprobe',
    places: [place],
  });
  assert.deepEqual(how({ kind: 'uprobe', binary: '/bin/x', offset: 0x40n, pid: 7, cookie: 2n ** 64n - 1n }), {
    lane: 'uprobe',
    places: [{ binary: '/bin/x', symbol: null, pattern: null, offset: 0x40, pid: 7, cookie: '18446744073709551615' }],
  });
  const uprobe = { kind: 'uprobe', binary: 'libc.so.6', symbol: 'malloc' };
  refuses({ ...uprobe, binary: undefined }, /binary is missing; it must be a bare library/);
  refuses({ ...uprobe, binary: './x' }, /binary is "\.\/x", but must be a bare library .* or an absolute path/);
  refuses({ ...uprobe, binary: 5 }, /binary is 5/);
  refuses({ ...uprobe, symbol: '' }, /symbol is "", but must be the name of a function/);
  refuses({ ...uprobe, symbol: undefined }, /symbol, match and offset are all missing/);
  refuses({ ...uprobe, offset: -1 }, /offset is -1, but must be a number of bytes, a whole number from 0/);
  refuses({ ...uprobe, offset: 1.5 }, /offset is 1\.5/);
  refuses({ ...uprobe, pid: 0 }, /pid is 0, but must be a process id/);
  refuses(
    { ...uprobe, simbol: 'x' },
    /simbol is not an option here; did you mean "symbol"\? \(the options are 'kind', 'binary'/,
  );
});

function places(spec: unknown): readonly UprobePlace[] {
  const found = how(spec);
  assert.ok(found.lane === 'uprobe');
  return found.places;
}

test('uprobe by pattern', () => {
  const uprobe = { kind: 'uprobe', binary: 'libssl.so.3' };
  const pattern = (match: unknown) => places({ ...uprobe, match }).map((place) => place.pattern);
  assert.deepEqual(pattern(/^SSL_(read|write)$/), [{ source: '^SSL_(read|write)$', ignore_case: false }]);
  assert.deepEqual(pattern(/a\/b/i), [{ source: 'a\\/b', ignore_case: true }]);
  assert.deepEqual(pattern('^SSL_'), [{ source: '^SSL_', ignore_case: false }]);
  refuses({ ...uprobe, match: '' }, /match is "", but must be a regular expression over names of functions/);
  refuses({ ...uprobe, match: 5 }, /match is 5, but must be a regular expression/);
  refuses({ ...uprobe, match: /a/giu }, /match is \/a\/giu with the flag 'g', but only 'i' can be given/);
  refuses({ ...uprobe, match: /a/, symbol: 'b' }, /match and symbol cannot go together/);
  refuses({ ...uprobe, match: /a/, offset: 0 }, /match and offset cannot go together/);
});

test('cookies', () => {
  const uprobe = { kind: 'uprobe', binary: 'libc.so.6', symbol: 'malloc' };
  const cookies = (spec: unknown) => places(spec).map((place) => place.cookie);
  assert.deepEqual(cookies([{ ...uprobe, cookie: 7 }, { ...uprobe, cookie: 0n }, uprobe]), ['7', '0', null]);
  for (const cookie of [-1, 1.5, 2 ** 53, 2n ** 64n, '7', null]) {
    refuses({ ...uprobe, cookie }, /cookie is .*, but must be a BigInt or whole number from 0 to 2 \*\* 64 - 1/);
  }
});

test('usdt', () => {
  const usdt = { kind: 'usdt', binary: 'libc.so.6', provider: 'libc', name: 'setjmp' };
  assert.deepEqual(how(usdt), {
    lane: 'usdt',
    binary: 'libc.so.6',
    provider: 'libc',
    name: 'setjmp',
    pid: null,
    cookie: null,
  });
  assert.equal((how({ ...usdt, cookie: 9n }) as { cookie: unknown }).cookie, '9');
  refuses({ ...usdt, cookie: 'x' }, /cookie is "x"/);
  refuses({ ...usdt, pid: -1 }, /pid is -1, but must be a process id/);
  refuses({ ...usdt, name: undefined }, /name is missing; it must be the name of the static probe/);
  refuses({ ...usdt, provider: 3 }, /provider is 3/);
  refuses({ ...usdt, binary: 'a/b' }, /binary is "a\/b"/);
  refuses({ ...usdt, symbol: 'x' }, /symbol is not an option here/);
});

test('perf', () => {
  const event = { kind: 'software', name: 'cpu_clock' };
  assert.deepEqual(how({ kind: 'perf', event }), {
    lane: 'perf',
    event,
    cpus: null,
    target: { kind: 'pids', ns: HOST, pids: null },
    sample: null,
    cookie: null,
  });
  assert.deepEqual(
    how({ kind: 'perf', event, cpu: [0, 2n], sample: { freq: 99 }, target: { kind: 'pids', ns: { pid: 1234 } } }),
    {
      lane: 'perf',
      event,
      cpus: [0, 2],
      target: { kind: 'pids', ns: { kind: 'pid', pid: 1234 }, pids: null },
      sample: { kind: 'freq', value: 99 },
      cookie: null,
    },
  );
  assert.equal(
    (how({ kind: 'perf', event, cookie: 2n ** 64n - 1n }) as { cookie: unknown }).cookie,
    '18446744073709551615',
  );
  const explicit = { kind: 'pids', handle: { kind: 'path', path: '/proc/1/ns/pid' }, pids: [5] };
  assert.deepEqual(
    (how({ kind: 'perf', event, target: explicit, sample: { period: 1000 } }) as { target: unknown }).target,
    {
      kind: 'pids',
      ns: { kind: 'path', path: '/proc/1/ns/pid' },
      pids: [5],
    },
  );
  assert.deepEqual(
    (how({ kind: 'perf', event, target: { kind: 'cgroup', path: '/sys/fs/cgroup/a' } }) as { target: unknown }).target,
    {
      kind: 'cgroup',
      path: '/sys/fs/cgroup/a',
    },
  );
  const perf = { kind: 'perf', event };
  refuses({ kind: 'perf' }, /event is missing; it must be \{ kind: "software", name \}/);
  refuses({ kind: 'perf', event: 'cpu_clock' }, /event is "cpu_clock"/);
  refuses(
    { kind: 'perf', event: { kind: 'soft', name: 'x' } },
    /event\.kind is "soft", but must be one of 'software', 'hardware'/,
  );
  refuses(
    { kind: 'perf', event: { kind: 'software', name: 'cpu_clok' } },
    /event\.name is "cpu_clok", but must be one of 'cpu_clock'.*did you mean "cpu_clock"/,
  );
  refuses({ kind: 'perf', event: { kind: 'software', name: 'cpu_cycles' } }, /event\.name is "cpu_cycles"/);
  for (const cookie of [-1, 1.5, 2n ** 64n, '1']) {
    refuses({ ...perf, cookie }, /cookie is .*, but must be a BigInt or whole number from 0 to 2 \*\* 64 - 1/);
  }
  refuses({ ...perf, cpu: 0 }, /cpu is 0, but must be an array, each element a CPU number/);
  refuses({ ...perf, cpu: [] }, /cpu is empty; leave it out to mean all/);
  refuses({ ...perf, cpu: [0, -1] }, /cpu has -1, but every element must be a CPU number, a whole number from 0/);
  refuses({ ...perf, sample: {} }, /sample is an object with no members, but must be \{ freq \}/);
  refuses(
    { ...perf, sample: { freq: 1, period: 2 } },
    /sample is an object with 'freq', 'period', but must be \{ freq \}/,
  );
  refuses({ ...perf, sample: { freq: 0 } }, /sample\.freq is 0/);
  refuses({ ...perf, target: { kind: 'all' } }, /target\.kind is "all", but must be one of 'pids', 'cgroup'/);
  refuses(
    { ...perf, target: { kind: 'pids', ns: 'container' } },
    /target\.ns is "container", but must be "host", \{ pid \} or \{ path \}/,
  );
  refuses(
    { ...perf, target: { kind: 'pids', ns: 'host', handle: { kind: 'host' } } },
    /target\.ns and target\.handle say the same/,
  );
  refuses({ ...perf, target: { kind: 'pids', pids: [] } }, /target\.pids is empty/);
  refuses(
    { ...perf, target: { kind: 'cgroup', path: 'a/b' } },
    /target\.path is "a\/b", but must be the absolute path of a cgroup/,
  );
  refuses({ ...perf, target: { kind: 'cgroup', path: '/a', pids: [1] } }, /target\.pids is not an option here/);
});

test('xdp and tcx', () => {
  assert.deepEqual(how({ kind: 'xdp' }), { lane: 'xdp', ns: HOST, interfaces: null });
  assert.deepEqual(how({ kind: 'xdp', ns: { path: '/run/netns/blue' }, ifindex: [2, 'eth0'] }), {
    lane: 'xdp',
    ns: { kind: 'path', path: '/run/netns/blue' },
    interfaces: [2, 'eth0'],
  });
  assert.deepEqual(how({ kind: 'tcx', ifindex: [2], order: 'before' }), {
    lane: 'tcx',
    ns: HOST,
    interfaces: [2],
    order: 'before',
    direction: null,
  });
  assert.deepEqual(how({ kind: 'tcx', net: { handle: { kind: 'pid', pid: 9 }, ifindex: [3] }, direction: 'egress' }), {
    lane: 'tcx',
    ns: { kind: 'pid', pid: 9 },
    interfaces: [3],
    order: 'default',
    direction: 'egress',
  });
  refuses({ kind: 'xdp', order: 'before' }, /order is not an option here/);
  refuses({ kind: 'tcx', order: 'first' }, /order is "first", but must be one of 'default', 'before', 'after'/);
  refuses({ kind: 'tcx', direction: 'in' }, /direction is "in"/);
  refuses({ kind: 'xdp', ifindex: 2 }, /ifindex is 2, but must be an array/);
  refuses({ kind: 'xdp', ifindex: [] }, /ifindex is empty/);
  for (const bad of [0, -1, 1.5, null, '', 'a name that is too long', 'a/b']) {
    refuses({ kind: 'xdp', ifindex: [bad] }, /ifindex has .*, but every element must be an interface index/);
  }
  refuses({ kind: 'xdp', net: { handle: { kind: 'host' } }, ns: 'host' }, /net and ns say the same; give one of them/);
  refuses({ kind: 'xdp', net: {} }, /net\.handle is missing/);
  refuses({ kind: 'xdp', net: { handle: { kind: 'pid' } } }, /net\.handle\.pid is missing; it must be a process id/);
  refuses({ kind: 'xdp', net: { handle: { kind: 'host', pid: 1 } } }, /net\.handle\.pid is not an option here/);
  refuses({ kind: 'xdp', ns: { pid: 1, path: '/x' } }, /ns is an object with 'pid', 'path', but must be "host"/);
  refuses({ kind: 'xdp', ns: { path: 'ns/net' } }, /ns\.path is "ns\/net", but must be the absolute path/);
});

test('hooks that are told by one option', () => {
  assert.deepEqual(how({ cgroup: '/sys/fs/cgroup/a' }), { lane: 'cgroup', path: '/sys/fs/cgroup/a' });
  assert.deepEqual(how({ ns: { pid: 5 } }), { lane: 'netns', ns: { kind: 'pid', pid: 5 } });
  assert.deepEqual(how({ pf: 'inet4', hook: 'local_in', priority: -10 }), {
    lane: 'netfilter',
    ns: HOST,
    pf: 'inet4',
    hook: 'local_in',
    priority: -10,
  });
  refuses({ cgroup: 'a' }, /cgroup is "a"/);
  refuses({ kind: 'cgroup' }, /cgroup is missing/);
  refuses({ pf: 'inet4', hook: 'local_in' }, /priority is missing/);
  refuses({ pf: 'inet', hook: 'local_in', priority: 0 }, /pf is "inet", but must be one of 'inet4', 'inet6'/);
  refuses({ pf: 'inet4', hook: 'input', priority: 0 }, /hook is "input", but must be one of 'pre_routing', 'local_in'/);
  refuses(
    { pf: 'inet4', hook: 'forward', priority: 0.5 },
    /priority is 0\.5, but must be .* from -2147483648 to 2147483647/,
  );
  refuses(
    { pf: 'inet4', hook: 'forward', priority: 0, ns: 'a' },
    /ns is "a", but must be "host", \{ pid \} or \{ path \}/,
  );
  refuses(
    { pf: 'inet4', hook: 'forward', priority: 0, order: 1 },
    /order is not an option here \(.*'priority', 'ns'\)/,
  );
  refuses({ kind: 'netns', ns: { pid: 0 } }, /ns\.pid is 0, but must be a process id/);
  refuses({ kind: 'netns', ifindex: [1] }, /ifindex is not an option here \(the options are 'kind', 'ns'\)/);
  refuses({ cgroup: '/sys/fs/cgroup', ns: 'host' }, /ns is not an option here \(the options are 'kind', 'cgroup'\)/);
});

test('an array attaches one program many times', () => {
  const a = { kind: 'uprobe', binary: 'a', symbol: 'f' };
  const b = { kind: 'uprobe', binary: 'b', offset: 16 };
  assert.deepEqual(how([a, b]), {
    lane: 'uprobe',
    places: [
      { binary: 'a', symbol: 'f', pattern: null, offset: 0, pid: null, cookie: null },
      { binary: 'b', symbol: null, pattern: null, offset: 16, pid: null, cookie: null },
    ],
  });
  const group = (name: string) => ({ lane: 'cgroup', path: `/sys/fs/cgroup/${name}` });
  assert.deepEqual(how([{ cgroup: '/sys/fs/cgroup/a' }, { cgroup: '/sys/fs/cgroup/b' }]), {
    lane: 'several',
    each: [group('a'), group('b')],
  });
  assert.deepEqual(how([{ cgroup: '/sys/fs/cgroup/a' }]), group('a'));
  refuses([], /the array of specs is empty, but must have at least one/);
  refuses(new Array(2 ** 32 - 1), /4294967295 specs are too many; at most 65536/);
  refuses([a, false], /false and \{ autoattach \} stand alone/);
  refuses([a, 5], /the spec is 5/);
});
