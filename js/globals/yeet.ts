import { core } from 'ext:core/mod.js';
import { show } from '../text.ts';
import { type Args, parseArgs } from './args.ts';

/** What the runtime knows of this run. */
export interface Settings {
  args: string[];
  version: string;
  keepAlive: boolean;
  stdoutColors: boolean;
  stderrColors: boolean;
  stdoutTerminal: boolean;
}

export type SignalName = 'SIGINT' | 'SIGTERM';
type SignalHandler = (signal: SignalName) => unknown;

const handlers: SignalHandler[] = [];

function exit(code = 0): never {
  if (!Number.isInteger(code) || code < 0 || code > 255) {
    throw new RangeError(`yeet.exit: the code must be a whole number from 0 to 255, not ${show(code)}`);
  }
  core.ops.op_exit(code);
  // The op ends the process; a loop is the only statement whose type is `never` and which runs no further line of the script.
  for (;;);
}

function onSignal(handler: SignalHandler): void {
  if (typeof handler !== 'function') {
    throw new TypeError(`yeet.onSignal: the handler must be a function, not ${show(handler)}`);
  }
  handlers.push(handler);
}

let settings: Settings;
let parsed: Args | undefined;

/** Says what differs from run to run. */
export function startYeet(given: Settings): void {
  settings = given;
  Object.defineProperty(yeet, 'version', { enumerable: true, value: given.version });
  Object.freeze(yeet);
}

const yeet = Object.create(Object.prototype, {
  args: { enumerable: true, get: () => (parsed ??= parseArgs(settings.args)) },
  exit: { enumerable: true, value: exit },
  onSignal: { enumerable: true, value: onSignal },
  [Symbol.toStringTag]: { value: 'yeet' },
});

export function installYeet(): void {
  Object.defineProperty(globalThis, 'yeet', { value: yeet, enumerable: false });
}

/** Calls the script's handlers when the first SIGINT or SIGTERM comes, and says when they are done. */
export async function listenForSignals(): Promise<void> {
  // Pending for the whole run: it lets a script park on a promise that nothing will ever resolve, which the event loop would call a deadlock.
  core.unrefOpPromise(core.ops.op_park());
  const waiting: Promise<SignalName> = core.ops.op_signal_wait();
  core.unrefOpPromise(waiting);
  const signal = await waiting;
  // A handler may register another one, which then has its turn too.
  while (handlers.length > 0) await callHandlers(handlers.splice(0), signal);
  core.ops.op_signal_handled();
}

/** A handler that throws must not keep the others from their clean-up. */
async function callHandlers(called: SignalHandler[], signal: SignalName): Promise<void> {
  for (const result of await Promise.allSettled(called.map(async (handler) => handler(signal)))) {
    if (result.status === 'rejected') console.error(`yeet.onSignal: the handler for ${signal} failed:`, result.reason);
  }
}
