import { core } from 'ext:core/mod.js';

const { inspect } = core.loadExtScript('ext:deno_web/01_console.js');

/**
 * Has values that are thrown without being errors shown as `console.log` shows them. The engine's own word for every object is `#<Object>`.
 */
export function describeThrownValues(): void {
  core.ops.op_set_format_exception_callback((thrown: unknown): string | null => {
    const isPlainValue = (typeof thrown !== 'object' && typeof thrown !== 'function') || thrown === null;
    // Null leaves the wording to the engine. A proxy's traps and getters may throw in either look.
    try {
      return isPlainValue || thrown instanceof Error ? null : `Uncaught ${inspect(thrown)}`;
    } catch {
      return null;
    }
  });
}
