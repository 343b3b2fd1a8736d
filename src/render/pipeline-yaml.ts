import type { ChildPipeline } from '../pipeline/child-pipeline.ts';
import { CERTAIN_STRING, type CiMap, CiPlain, CiReference, type CiValue } from '../pipeline/ci-yaml.ts';

/**
 * Writes a child pipeline as YAML that YAML 1.1 (GitLab reads with Ruby's Psych) and YAML 1.2 parsers read alike:
 * a string stays the string it is, be it `on`, `012`, `1_000`, `22:22`, `~` or a date. By itself and not with a library,
 * which takes seconds for ten thousand jobs.
 *
 * @param options.header comment lines for the top of the file, without `#`.
 */
export function renderPipelineYaml(
  pipeline: Omit<ChildPipeline, 'jobs'> & { jobs: readonly { name: string; definition: CiMap }[] },
  options: { header: readonly string[] },
): string {
  const entries = [
    entry('workflow', pipeline.workflow),
    entry('default', pipeline.default),
    entry('stages', pipeline.stages),
    ...pipeline.hidden.map(
      ({ name, definition, file }) => `# From ${printable(file)}\n${entry(name, definition)}`,
    ),
    ...pipeline.jobs.map(({ name, definition }) => entry(name, definition)),
  ];
  const header = options.header.map((line) => `# ${line}\n`).join('');
  return escapeLineBreaks([...(header === '' ? [] : [header]), ...entries].join('\n'));
}

function entry(key: string, value: CiValue, indent = ''): string {
  const name = isPlain(key) ? key : quoted(key);
  // No parser looks further for the colon behind a key (libyaml: 1024 characters).
  const start = name.length > LONGEST_KEY ? `? ${name}\n${indent}` : name;
  return `${indent}${start}:${below(value, indent)}\n`;
}

const LONGEST_KEY = 500;
const STEP = '  ';

/** A value behind its key, from the blank between them or the line break on, without a line break at its end. */
function below(value: CiValue, indent: string): string {
  if (Array.isArray(value) && !isFlow(value))
    return `\n${value.map((item: CiValue) => listItem(item, indent + STEP)).join('\n')}`;
  const entries = mappingEntries(value);
  if (entries !== undefined && entries.length > 0)
    return `\n${entries.map(([key, item]) => entry(key, item, indent + STEP)).join('')}`.slice(0, -1);
  return ` ${compact(value, indent)}`;
}

function listItem(item: CiValue, indent: string): string {
  const entries = mappingEntries(item);
  if (entries !== undefined && entries.length > 0) {
    const lines = entries.map(([key, value]) => entry(key, value, indent + STEP)).join('');
    return `${indent}- ${lines.slice(indent.length + STEP.length, -1)}`;
  }
  return `${indent}-${below(item, indent)}`;
}

/** A value that begins on the line of its key. */
function compact(value: CiValue, indent: string): string {
  if (typeof value === 'string') return scalar(value, indent);
  if (value instanceof CiPlain) return value.text;
  if (value instanceof CiReference) return `!reference ${flow(value.path)}`;
  if (Array.isArray(value)) return flow(value as readonly string[]);
  return typeof value === 'boolean' ? String(value) : '{}';
}

function flow(words: readonly string[]): string {
  return `[${words.map((word) => (isPlain(word) ? word : quoted(word))).join(', ')}]`;
}

/** Few short words stand in one line. */
function isFlow(list: readonly CiValue[]): boolean {
  const words = list.filter((item) => typeof item === 'string');
  return (
    words.length === list.length &&
    words.every((word) => /^[\w./:-]{1,40}$/.test(word)) &&
    words.join(', ').length <= LONGEST_FLOW
  );
}

const LONGEST_FLOW = 120;

function mappingEntries(value: CiValue): readonly [string, CiValue][] | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  return value instanceof CiPlain || value instanceof CiReference ? undefined : Object.entries(value);
}

function scalar(text: string, indent: string): string {
  if (isPlain(text)) return text;
  if (!isBlock(text)) return quoted(text);
  const ending = text.endsWith('\n') ? '' : '-';
  const lines = text.replace(/\n$/, '').split('\n');
  return `|${ending}\n${lines.map((line) => (line === '' ? '' : indent + STEP + line)).join('\n')}`;
}

function isBlock(text: string): boolean {
  return /\n./s.test(text) && /^[\x21-\x7e][\t\n\x20-\x7e]*$/.test(text) && !/[ \t]\n|\n{2,}$/.test(text);
}

/** Psych takes `y` and `n` for strings, other readers of YAML 1.1 do not. */
function isPlain(text: string): boolean {
  return CERTAIN_STRING.test(text) && !/^[yn]$/i.test(text);
}

/** All that JSON escapes, YAML does too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** YAML 1.1 counts NEL, LS and PS as line breaks and knows no bare BOM or C1 controls; they stand in quoted words only. */
function escapeLineBreaks(text: string): string {
  return text.replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A path as a comment can hold it. */
function printable(path: string): string {
  return JSON.stringify(path).slice(1, -1);
}
