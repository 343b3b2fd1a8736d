import { DockerfileError } from './instruction.ts';

const KNOWN = new Set(['syntax', 'escape', 'check']);

/** Reads parser directives for as long as the file's first lines are nothing else. */
export interface Directives {
  escape: '\\' | '`';
  seen: Set<string>;
  done: boolean;
}

export function createDirectives(): Directives {
  return { escape: '\\', seen: new Set(), done: false };
}

/**
 * Takes one physical line, without its line ending and leading white space, into account (BuildKit
 * frontend/dockerfile/parser, DirectiveParser.ParseLine). Any other line, even an empty one, ends the directives.
 */
export function readDirective(directives: Directives, text: string, line: number): void {
  if (directives.done) return;
  const match = /^#[\t\n\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=(.+)$/s.exec(text);
  const name = match?.[1]?.toLowerCase();
  if (match === null || name === undefined || !KNOWN.has(name)) {
    directives.done = true;
    return;
  }
  if (directives.seen.has(name)) {
    throw new DockerfileError(`only one ${name} parser directive can be used`, { line, column: 1 });
  }
  directives.seen.add(name);
  if (name !== 'escape') return;
  const value = trimmed(match[2] as string);
  if (value !== '\\' && value !== '`') {
    throw new DockerfileError(`invalid escape token '${value}' does not match \` or \\`, { line, column: 1 });
  }
  directives.escape = value;
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
