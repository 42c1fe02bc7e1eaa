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
const { Performance, performance } = load('ext:deno_web/15_performance.js');
const { Console } = load('ext:deno_web/01_console.js');
void Console;

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

export function installWebGlobals(): void {
  saveGlobalThisReference(globalThis);
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
  core.setUnhandledPromiseRejectionHandler(() => false);
}
