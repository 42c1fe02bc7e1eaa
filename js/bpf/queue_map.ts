import type { BpfControl } from './control.ts';
import { QueueLike } from './maps/queue_like.ts';

// biome-ignore lint/suspicious/noExplicitAny: the type of values comes from the object at run time
export class QueueMap<V = any> extends QueueLike<V> {
  constructor(control: BpfControl, name: string) {
    super('QueueMap', control, name);
  }
}
