// Evaluated once, into the snapshot. What has to differ from run to run happens in `start()`, which the runtime calls after it has restored
// the snapshot; nothing here may read the environment.

import './facades.ts';
import 'yeet:bpf';
import { core } from 'ext:core/mod.js';
import { endEvents } from './bpf/end.ts';
import { registerErrors } from './bpf/error.ts';
import { installConsole } from './globals/console.ts';
import { endTimers } from './globals/timers.ts';
import { installWebGlobals } from './globals/web.ts';
import { installYeet, listenForSignals, type Settings } from './globals/yeet.ts';
import { refreshOps } from './ops.ts';

installWebGlobals();

/** What the runtime takes from the global object when it starts, before any script can see it. */
Object.defineProperty(globalThis, '__yeet', {
  configurable: true,
  value: {
    /** Called once, before the main module is loaded. */
    start(settings: Settings): void {
      for (const name of ['__yeet', '__modules', 'Deno', '__bootstrap']) {
        Reflect.deleteProperty(globalThis, name);
      }
      refreshOps(core);
      registerErrors(core);
      installConsole(settings);
      installYeet(settings);
      listenForSignals();
    },
    /** Called once, when the main module has settled: from here on no callback of the script runs. */
    end(): void {
      endTimers();
      endEvents();
    },
  },
});
