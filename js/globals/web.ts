// The web's own globals, from the library that implements them. Only what is named here exists for a script: nothing that reads files, opens
// sockets or starts processes.

import { core } from 'ext:core/mod.js';
import { timerGlobals } from './timers.ts';

const load = core.loadExtScript;
const { URL, URLSearchParams } = load('ext:deno_web/00_url.js');
const { DOMException } = load('ext:deno_web/01_dom_exception.js');
const { CustomEvent, Event, EventTarget, saveGlobalThisReference } = load('ext:deno_web/02_event.js');
const { AbortController, AbortSignal } = load('ext:deno_web/03_abort_signal.js');
const { atob, btoa } = load('ext:deno_web/05_base64.js');
const { TextDecoder, TextEncoder } = load('ext:deno_web/08_text_encoding.js');
const { structuredClone } = load('ext:deno_web/13_message_port.js');
const { Performance, performance, setTimeOrigin } = load('ext:deno_web/15_performance.js');
// performance.mark() loads it by name, so it has to be in the snapshot.
load('ext:deno_web/02_structured_clone.js');

const globals = {
  ...timerGlobals,
  AbortController,
  AbortSignal,
  CustomEvent,
  DOMException,
  Event,
  EventTarget,
  Performance,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  atob,
  btoa,
  performance,
  structuredClone,
};

/** `performance.timeOrigin` is the start of the process, not the making of the snapshot. */
export const startClock: () => void = setTimeOrigin;

export function installWebGlobals(): void {
  // An error in a listener is offered to the listeners of `error` on the global object. There are none here, so it ends the script as any other.
  saveGlobalThisReference({ dispatchEvent: () => true });
  for (const name of ['InvalidCharacterError', 'OperationError']) {
    core.registerErrorBuilder(`DOMException${name}`, (message) => new DOMException(message, name));
  }
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
}
