import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RingStats } from '../../js/ops.ts';

/** Records of one chunk at most. */
const CHUNK = 4;

/** One subscriber's bounded queue. */
class FakeQueue {
  readonly #capacity: number;
  #records: Uint8Array[] = [];
  #missed = 0;
  #received = 0;
  #delivered = 0;
  #lagged = 0;
  #over = false;
  #wake: (() => void) | undefined;
  failure: Error | undefined;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(record: Uint8Array): void {
    if (this.#over) return;
    this.#received += 1;
    this.#records.push(record);
    if (this.#records.length > this.#capacity) {
      this.#records.shift();
      this.#missed += 1;
      this.#lagged += 1;
    }
    this.#wake?.();
  }

  end(): void {
    this.#over = true;
    this.#wake?.();
  }

  close(): void {
    this.#records = [];
    this.end();
  }

  async next(): Promise<ArrayBuffer> {
    // Deferred, as the op is: never in the turn of the call.
    await nextTurn();
    while (this.#records.length === 0 && this.#missed === 0 && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.failure !== undefined) throw this.failure;
    if (this.#records.length === 0 && this.#missed === 0) return new ArrayBuffer(0);
    const taken = this.#records.splice(0, CHUNK);
    const missed = this.#missed;
    this.#missed = 0;
    this.#delivered += taken.length;
    return chunkOf(taken, missed);
  }

  stats(): RingStats {
    return {
      received: this.#received,
      delivered: this.#delivered,
      lagged: this.#lagged,
      queued: this.#records.length,
      kernelDropped: -1,
    };
  }
}

/** As js/bpf/chunk.ts reads it. */
export function chunkOf(records: readonly Uint8Array[], missed: number, cause = 1): ArrayBuffer {
  const size = records.reduce((sum, record) => sum + 8 + Math.ceil(record.length / 8) * 8, 0);
  const bytes = new Uint8Array(size + 16);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const record of records) {
    view.setUint32(at, record.length, true);
    bytes.set(record, at + 8);
    at += 8 + Math.ceil(record.length / 8) * 8;
  }
  view.setBigUint64(at, BigInt(missed), true);
  view.setUint32(at + 8, missed > 0 ? cause : 0, true);
  view.setUint32(at + 12, records.length, true);
  return bytes.buffer;
}

/** An event buffer: every subscriber gets every record, and the first gets those from before it. */
export class FakeRing {
  readonly #queues: FakeQueue[] = [];
  readonly #backlog: Uint8Array[] = [];
  #ended = false;

  emit(...records: Uint8Array[]): void {
    for (const record of records) {
      if (this.#queues.length === 0) this.#backlog.push(record);
      for (const queue of this.#queues) queue.push(record);
    }
  }

  subscribe(capacity: number): FakeQueue {
    const queue = new FakeQueue(capacity);
    this.#queues.push(queue);
    for (const record of this.#backlog.splice(0)) queue.push(record);
    if (this.#ended) queue.end();
    return queue;
  }

  /** Makes every pending and later `next()` fail. */
  fail(error: Error): void {
    for (const queue of this.#queues) {
      queue.failure = error;
      queue.end();
    }
  }

  end(): void {
    this.#ended = true;
    for (const queue of this.#queues) queue.end();
  }
}
