import { type RecordDecoder, rawRecordDecoder, recordDecoder } from '../../btf/mod.ts';
import { callbacksEnded } from '../../end.ts';
import { ops, unref } from '../../ops.ts';
import { BpfError, finishNativeError } from '../error.ts';
import { liftError } from '../maps/lift.ts';
import type { LiveMap } from '../maps/live_map.ts';
import { type Chunk, readChunk } from './chunk.ts';

/** Counts of one subscription, in records. `received` is always `delivered + lagged + queued`. */
export interface SubscriptionStats {
  received: number;
  delivered: number;
  lagged: number;
  queued: number;
  /** Records that the kernel could not hand over at all; undefined where it does not count them. */
  kernelDropped: number | undefined;
}

/** One native subscription and the decoder of its records. */
export class Feed {
  readonly map: LiveMap;
  readonly #handle: number;
  readonly #decoder: RecordDecoder;
  readonly #name: string;
  #final: SubscriptionStats | undefined;
  /** Records that the script has been called with. */
  handed = 0;

  constructor(map: LiveMap) {
    this.map = map;
    this.#name = map.bind.btfStruct ?? 'data';
    try {
      this.#decoder = decoderOf(map);
    } catch (error) {
      throw liftError(error, map, 'subscribe');
    }
    this.#handle = ops.op_bpf_ring_subscribe(map.handle, map.bind.capacity, map.bind.byteCap);
  }

  /** The next records; undefined once closed, or once the object has stopped and everything queued was taken. */
  async next(): Promise<Chunk | undefined> {
    if (this.#final !== undefined) return undefined;
    let buffer: ArrayBuffer;
    try {
      // Does not keep the isolate: it ends once the module settles, subscriptions or not.
      buffer = await unref(ops.op_bpf_ring_next(this.#handle));
    } catch (error) {
      throw finishNativeError(error);
    }
    // One more turn of the event loop follows the end of the main module, and nothing of the script may run in it.
    if (callbacksEnded()) return new Promise(() => undefined);
    if (this.#final !== undefined) return undefined;
    if (buffer.byteLength === 0) {
      this.close();
      return undefined;
    }
    return readChunk(buffer);
  }

  each({ views, end }: Chunk, cb: (event: unknown) => void): void {
    this.#decoder.eachRecord(views, 0, end, this.#name, cb);
  }

  all({ views, end }: Chunk): unknown[] {
    return this.#decoder.collect(views, 0, end, this.#name);
  }

  /** One error for the whole burst of lost records before `chunk`, if there was one. */
  lagOf(chunk: Chunk): BpfError | undefined {
    if (chunk.missed === 0) return undefined;
    const { name, bind } = this.map;
    const records = chunk.missed === 1 ? '1 record was' : `${chunk.missed} records were`;
    const bound =
      chunk.cause === 'byteCap' ? `byteCap of ${bind.byteCap} bytes` : `capacity of ${bind.capacity} records`;
    return new BpfError(
      'Lagged',
      `${records} dropped from '${name}': the callback is slower than the events and the queue reached its ${bound}; ` +
        `do less per event, filter in the BPF program, or raise ${chunk.cause} in bind()`,
      { map: name, missed: chunk.missed },
    );
  }

  stats(): SubscriptionStats {
    return this.#final ?? this.#count();
  }

  /** What native code gave out as a chunk is delivered record by record: until the callback has seen one, it counts as queued. */
  #count(): SubscriptionStats {
    const { received, lagged, kernelDropped } = ops.op_bpf_ring_stats(this.#handle);
    const delivered = this.handed;
    const queued = received - lagged - delivered;
    return { received, delivered, lagged, queued, kernelDropped: kernelDropped < 0 ? undefined : kernelDropped };
  }

  get closed(): boolean {
    return this.#final !== undefined;
  }

  close(): void {
    if (this.#final !== undefined) return;
    this.#final = this.#count();
    ops.op_bpf_ring_close(this.#handle);
  }
}

/** Records of a buffer that was bound without `btf_struct` arrive as `{ data: Uint8Array }`. */
function decoderOf({ bind, btf }: LiveMap): RecordDecoder {
  const typeId = bind.btfStruct === undefined ? undefined : btf.findStruct(bind.btfStruct);
  return typeId === undefined ? rawRecordDecoder() : recordDecoder(btf, typeId);
}
