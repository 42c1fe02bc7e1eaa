import type { BpfControl } from './control.ts';
import { HashLike } from './maps/hash_like.ts';

// biome-ignore lint/suspicious/noExplicitAny: the types of keys and values come from the object at run time
export class LruHashMap<K = any, V = any> extends HashLike<K, V> {
  constructor(control: BpfControl, name: string) {
    super('LruHashMap', control, name);
  }
}
