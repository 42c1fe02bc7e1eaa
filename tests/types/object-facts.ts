import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Kind } from '../../js/btf/format.ts';
import { type Btf, codecOf } from '../../js/btf/mod.ts';
import type { MapFacts, ObjectFacts } from '../../js/tools/facts.ts';
import { type CompiledObject, readObject } from '../codec/elf.ts';

/** Some of the kernel's `enum bpf_map_type`, by number. */
const MAP_TYPES =
  'unspec hash array prog_array perf_event_array percpu_hash percpu_array stack_trace cgroup_array lru_hash lru_percpu_hash lpm_trie array_of_maps hash_of_maps devmap sockmap cpumap xskmap sockhash cgroup_storage reuseport_sockarray percpu_cgroup_storage queue stack sk_storage devmap_hash struct_ops ringbuf inode_storage task_storage bloom_filter user_ringbuf cgrp_storage arena'.split(
    ' ',
  );

/** What declarations need of an object, read without libbpf: so that they can be tested before anything is built. Programs are left out. */
export function objectFacts(path: string): { facts: ObjectFacts; object: CompiledObject } {
  const object = readObject(readFileSync(path));
  const { btf, btfBytes } = object;
  const maps = [...ordinaryMaps(btf), ...sections(btf)];
  return { facts: { file: basename(path), license: null, btf: btfBytes, maps, programs: [] }, object };
}

const NOTHING = {
  section: null,
  initial: null,
  inner: null,
  flags: 0,
  maxEntries: 0,
  keySize: 0,
  valueSize: 0,
} as const;

function ordinaryMaps(btf: Btf): MapFacts[] {
  return (btf.section('.maps')?.vars ?? []).map(({ name, typeId }) => {
    const members = new Map(btf.members(btf.resolve(typeId)).map((member) => [member.name, member.typeId]));
    // `__uint(name, n)` is a pointer to an array of n, `__type(name, t)` a pointer to t.
    const pointed = (member: string): number => {
      const id = members.get(member);
      return id === undefined ? 0 : btf.target(btf.resolve(id));
    };
    const number = (member: string): number =>
      pointed(member) === 0 ? 0 : btf.array(btf.resolve(pointed(member))).length;
    const size = (member: string): number => (pointed(member) === 0 ? 0 : codecOf(btf, pointed(member)).size);
    return {
      ...NOTHING,
      name,
      kernelName: name.slice(0, 15),
      mapType: MAP_TYPES[number('type')] as string,
      maxEntries: number('max_entries'),
      keySize: number('key_size') || size('key'),
      valueSize: number('value_size') || size('value'),
      keyTypeId: pointed('key'),
      valueTypeId: pointed('value'),
    };
  });
}

function sections(btf: Btf): MapFacts[] {
  const ids = Array.from({ length: btf.typeCount }, (_, id) => id).filter(
    (id) => id > 0 && btf.kind(id) === Kind.DATASEC,
  );
  const names = ids.map((id) => btf.name(id)).filter((name) => /^\.(data|bss|rodata)/.test(name));
  return names.map((name) => ({
    ...NOTHING,
    name,
    kernelName: `object${name}`,
    section: name,
    mapType: 'array',
    keyTypeId: 0,
    valueTypeId: 0,
  }));
}
