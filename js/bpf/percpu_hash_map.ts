import type { BpfControl } from './control.ts';
import { PercpuHashLike } from './maps/percpu_hash_like.ts';

// biome-ignore lint/suspicious/noExplicitAny: the types of keys and values come from the object at run time
export class PercpuHashMap<K = any, V = any> extends PercpuHashLike<K, V> {
  constructor(control: BpfControl, name: string) {
    super('PercpuHashMap', control, name);
  }
}
