import { core } from 'ext:core/mod.js';
import type { Settings } from './yeet.ts';

type Print = (text: string, toStderr: boolean) => void;

const { Console, setNoColorFns } = core.loadExtScript('ext:deno_web/01_console.js');

/** The levels from which on a line belongs to stderr: `warn` and `error`. */
const STDERR_FROM = 2;

let print: Print = () => undefined;
let stdoutColors = false;
let stderrColors = false;
let stdoutTerminal = false;

/** Says what differs from run to run. */
export function startConsole(settings: Settings): void {
  ({ stdoutColors, stderrColors, stdoutTerminal } = settings);
  print = core.ops.op_print_text;
}

/** Makes `console` write straight to stdout and stderr; only a terminal gets colours, and is cleared by `clear`. */
export function installConsole(): void {
  setNoColorFns(
    () => !stdoutColors,
    () => !stderrColors,
  );
  const console = new Console((text: string, level: number) => print(text, level >= STDERR_FROM));
  for (const method of ['log', 'info', 'debug', 'warn', 'error', 'dir', 'table'] as const) {
    const write = console[method];
    // What cannot be printed (a revoked proxy, %j of a BigInt) must not end the script that wanted to look at it.
    console[method] = (...args: unknown[]) => {
      try {
        write(...args);
      } catch (error) {
        print(`[console.${method} cannot print this: ${reason(error)}]\n`, method === 'warn' || method === 'error');
      }
    };
  }
  const { clear } = console;
  console.clear = () => {
    if (stdoutTerminal) clear();
  };
  Object.defineProperty(globalThis, 'console', {
    value: console,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

function reason(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'what it threw cannot be printed either';
  }
}
