let over = false;

/** The main module has settled: from here on no script code is called, with an event or by a timer. */
export function endCallbacks(): void {
  over = true;
}

/** Other callbacks may be due in the turn of the event loop in which the main module settles. */
export const callbacksEnded = (): boolean => over;
