import { styleText } from 'node:util';
import type { Paint } from '../render/table.ts';
import type { Surroundings } from '../run.ts';

/** Colour only on a terminal that has it, and never where NO_COLOR is set to anything (no-color.org). */
export function paintFor({ isTerminal, env }: Surroundings): Paint {
  const colourful = isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return colourful ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
}
