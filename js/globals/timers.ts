// Timers and microtasks. Timers run while the main module is pending, and never after. The runtime wants to know how many are live, to tell
// the author of a script that ended with one, and to hold the isolate open under --keep-alive.

import { core, primordials } from 'ext:core/mod.js';
import { callbacksEnded } from '../end.ts';
import { show } from '../text.ts';

// Called as plain functions: the web's timers refuse any other `this` than the global object.
const web = core.loadExtScript('ext:deno_web/02_timers.js');
const { setTimeout: startTimeout, setInterval: startInterval, clearTimeout: cancel } = web;

type Callback = (...args: unknown[]) => void;

// Not the global's own: a script that replaces Set.prototype.add must still have timers.
const live: Set<number> = new primordials.SafeSet();

const report = (): void => core.ops.op_timers_live(live.size);

/** The longest delay in milliseconds, 24.8 days. The library takes a longer one for no delay at all, which nobody means. */
const MAX_DELAY = 2 ** 31 - 1;

const limited = (delay?: number): number => Math.min(Number(delay), MAX_DELAY);

function checkCallback(name: string, callback: unknown): asserts callback is Callback {
  // The web allows source text here; that is an eval by another name, and in a script it is always a slip like `setTimeout(main(), 10)`.
  if (typeof callback !== 'function') {
    throw new TypeError(`${name}: the first argument must be a function, not ${show(callback)}`);
  }
}

function setTimeout(callback: Callback, delay?: number, ...args: unknown[]): number {
  checkCallback('setTimeout', callback);
  const id: number = startTimeout(() => {
    if (callbacksEnded()) return;
    live.delete(id);
    report();
    callback(...args);
  }, limited(delay));
  live.add(id);
  report();
  return id;
}

function setInterval(callback: Callback, delay?: number, ...args: unknown[]): number {
  checkCallback('setInterval', callback);
  const id: number = startInterval(() => {
    if (!callbacksEnded()) callback(...args);
  }, limited(delay));
  live.add(id);
  report();
  return id;
}

function clearTimeout(id?: number): void {
  // What is no id of a timer is ignored; the library would throw for a BigInt or a symbol.
  if (typeof id !== 'number' && typeof id !== 'string') return;
  cancel(id);
  if (live.delete(Number(id))) report();
}

// Web platforms let either function clear either kind.
const clearInterval = (id?: number): void => clearTimeout(id);

const enqueue = globalThis.queueMicrotask;

function queueMicrotask(callback: () => void): void {
  checkCallback('queueMicrotask', callback);
  enqueue(callback);
}

export const timerGlobals = { setTimeout, setInterval, clearTimeout, clearInterval, queueMicrotask };
