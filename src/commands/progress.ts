import type { Surroundings } from '../run.ts';

const WIDTH = 30;
/** Milliseconds between two times that it is drawn. */
const PAUSE = 100;

/** A bar on the terminal that errors go to; undefined where there is none, or nobody looks at it. */
export function progressBar(
  { stderr, stderrIsTerminal, env }: Surroundings,
  total: number,
): { advance: () => void; clear: () => void } | undefined {
  if (!stderrIsTerminal || env['CI'] || env['TERM'] === 'dumb') return undefined;
  const begun = performance.now();
  let done = 0;
  let drawn = begun;
  return {
    advance() {
      done += 1;
      const now = performance.now();
      if (now - drawn < PAUSE) return;
      drawn = now;
      const filled = Math.round((WIDTH * done) / total);
      const rate = Math.round((1000 * done) / (now - begun));
      stderr(`\r[${'#'.repeat(filled).padEnd(WIDTH)}] ${done} of ${total} commits, ${rate} a second\u001b[K`);
    },
    clear: () => stderr('\r\u001b[K'),
  };
}
