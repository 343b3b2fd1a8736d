import { skipSpace } from './characters.ts';
import { DockerfileError } from './instruction.ts';

const KNOWN = new Set(['syntax', 'escape', 'check']);

/** Reads parser directives for as long as the file's first lines are nothing else. */
export interface Directives {
  escape: '\\' | '`';
  values: Map<string, string>;
  done: boolean;
}

export function createDirectives(): Directives {
  return { escape: '\\', values: new Map(), done: false };
}

/**
 * Takes one physical line, without its line ending and leading white space, into account (BuildKit
 * frontend/dockerfile/parser, DirectiveParser.ParseLine). Any other line, even an empty one, ends the directives.
 */
export function readDirective(directives: Directives, text: string, line: number): void {
  if (directives.done) return;
  const directive = text.startsWith('#') ? text.slice(skipSpace(text, 1)) : '';
  const match = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=(.+)$/s.exec(directive);
  const name = match?.[1]?.toLowerCase();
  if (match === null || name === undefined || !KNOWN.has(name)) {
    directives.done = true;
    return;
  }
  if (directives.values.has(name)) {
    throw new DockerfileError(`only one ${name} parser directive can be used`, { line, column: 1 });
  }
  const value = trimmed(match[2] as string);
  directives.values.set(name, value);
  if (name !== 'escape') return;
  if (value !== '\\' && value !== '`') {
    throw new DockerfileError(`invalid escape token '${value}' does not match \` or \\`, { line, column: 1 });
  }
  directives.escape = value;
}

/**
 * `syntax` and `check`, with which BuildKit chooses the frontend and how strict it is. It looks for them before it
 * parses (frontend/dockerfile/parser, parseDirective): below a line that begins with `#!`, and only where no white
 * space stands in front. Throws a DockerfileError.
 */
export function frontendDirectives(text: string): ReadonlyMap<string, string> {
  const directives = createDirectives();
  const lines = text.replace(/^\uFEFF?(?:#![^\n]*\n?)?/, '').split('\n');
  lines.forEach((line, index) => readDirective(directives, line, index + 1));
  return directives.values;
}

/** Without white space at either end; a value of nothing else keeps its last character, as BuildKit's pattern has it. */
function trimmed(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end - 1 && isBlank(value.charAt(start))) start += 1;
  while (end > start + 1 && isBlank(value.charAt(end - 1))) end -= 1;
  return value.slice(start, end);
}

function isBlank(character: string): boolean {
  return '\t\n\f\r '.includes(character);
}
