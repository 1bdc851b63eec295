/** Progress of a long run, on standard error and only where that is a screen. */
import type { Terminal } from './terminal.ts';

/** Counts steps; `end` wipes the line. */
export interface Progress {
  readonly step: () => void;
  readonly end: () => void;
}

/** A run is silent for this long, and its line changes no more often. */
const INTERVAL = 200;

/** The progress of `total` steps. */
export function progressOn(terminal: Terminal, total: number): Progress {
  if (!terminal.errorIsScreen) return { step: () => {}, end: () => {} };
  let done = 0;
  let shownAt = terminal.now();
  let shown = false;
  return {
    step: () => {
      done++;
      const now = terminal.now();
      if (now - shownAt < INTERVAL) return;
      shownAt = now;
      shown = true;
      terminal.error(`\r\u001b[K${done} of ${total}`);
    },
    end: () => {
      if (shown) terminal.error('\r\u001b[K');
    },
  };
}
