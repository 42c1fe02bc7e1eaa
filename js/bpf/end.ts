let over = false;

/** The main module has settled: from here on no script code is called with an event. */
export function endEvents(): void {
  over = true;
}

export const eventsEnded = (): boolean => over;
