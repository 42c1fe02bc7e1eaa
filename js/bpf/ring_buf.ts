import type { BpfControl } from './control.ts';
import { EventBuffer } from './events/event_buffer.ts';

export class RingBuf extends EventBuffer {
  constructor(control: BpfControl, name: string) {
    super('RingBuf', control, name);
  }
}
