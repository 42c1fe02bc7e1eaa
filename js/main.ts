// Evaluated once, into the snapshot. What has to differ from run to run happens in `start()`, which the runtime calls after it has restored
// the snapshot; nothing here may read the environment.

import { core } from 'ext:core/mod.js';
import { endCallbacks } from './end.ts';
import { installConsole, startConsole } from './globals/console.ts';
import { describeThrownValues } from './globals/thrown.ts';
import { installWebGlobals, startClock } from './globals/web.ts';
import { installYeet, listenForSignals, type Settings, startYeet } from './globals/yeet.ts';
import { refreshOps } from './ops.ts';

installWebGlobals();
installConsole();
installYeet();
rehearse();

/**
 * Calls once what every run calls. The snapshot keeps the code of functions that have run; those that have not are compiled when they are
 * first called, which took as long as a twentieth of a whole run.
 */
function rehearse(): void {
  startClock();
  refreshOps(core);
  core.unrefOpPromise(core.ops.op_void_async());
}

/** What the runtime takes from the global object when it starts, before any script can see it. */
Object.defineProperty(globalThis, '__yeet', {
  configurable: true,
  value: {
    /** Called once, before the main module is loaded. */
    start(settings: Settings): void {
      // A script has no way to read the bytes of a WebAssembly module, so there is nothing to run in it.
      for (const name of ['__yeet', '__modules', 'Deno', '__bootstrap', 'WebAssembly']) {
        Reflect.deleteProperty(globalThis, name);
      }
      startClock();
      refreshOps(core);
      describeThrownValues();
      startConsole(settings);
      startYeet(settings);
      listenForSignals();
      if (!settings.keepAlive) core.addMainModuleHandler(endCallbacks);
    },
    /**
     * Called when the run is over: no timer and no subscription calls back from here on.
     *
     * @throws what the main module threw, or the reason of the first rejection that nobody handled.
     */
    end(): void {
      endCallbacks();
      // Promise, reason and context of each; undefined where there is none.
      const rejections: unknown[] | undefined = core.ops.op_drain_pending_rejections();
      if (rejections !== undefined) throw rejections[1];
    },
  },
});
