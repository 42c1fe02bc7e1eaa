import type { BpfControl } from './control.ts';
import { EventBuffer } from './events/event_buffer.ts';

export class PerfBuffer extends EventBuffer {
  constructor(control: BpfControl, name: string) {
    super('PerfBuffer', control, name);
  }
}
