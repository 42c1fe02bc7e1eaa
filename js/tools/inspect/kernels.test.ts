import assert from 'node:assert/strict';
import { it } from 'node:test';
import { helper } from './helpers.ts';
import { newest, since } from './kernels.ts';

it('helpers have their numbers', () => {
  // As linux/bpf.h has them: the first, some that every program calls, the last.
  for (const [number, name, version] of [
    [1, 'bpf_map_lookup_elem', '3.19'],
    [14, 'bpf_get_current_pid_tgid', '4.2'],
    [25, 'bpf_perf_event_output', '4.4'],
    [113, 'bpf_probe_read_kernel', '5.5'],
    [131, 'bpf_ringbuf_reserve', '5.8'],
    [181, 'bpf_loop', '5.17'],
    [211, 'bpf_cgrp_storage_delete', '6.2'],
  ] as const) {
    assert.deepEqual(helper(number), { name, since: version });
  }
  assert.deepEqual(helper(0), { name: 'helper 0', since: null });
  assert.deepEqual(helper(212), { name: 'helper 212', since: null });
});

it('the newest need counts, by number and not by letter', () => {
  const need = (version: string) => ({ version, because: version });
  assert.deepEqual(newest([need('5.9'), null, need('5.10'), need('4.20')]), need('5.10'));
  assert.equal(newest([null]), null);
  assert.equal(since('program', 'xdp'), '4.8');
  assert.equal(since('map', 'unheard_of'), null);
});
