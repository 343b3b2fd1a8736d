import { type CollectionTag, isMap, isScalar, parseDocument, Scalar, visit, type YAMLSeq } from 'yaml';
import { AffectedError } from '../errors.ts';
import { lineCounterOf } from '../line-counter.ts';

/** What a GitLab CI file can hold once YAML is parsed. */
export type CiValue = string | boolean | CiReference | CiPlain | readonly CiValue[] | CiMap;
export interface CiMap {
  readonly [key: string]: CiValue;
}

/** GitLab's `!reference [job, key, …]`: copies part of another job. */
export class CiReference {
  readonly path: readonly string[];

  constructor(path: readonly string[]) {
    this.path = path;
  }
}

/**
 * An unquoted word that GitLab's parser may take for something else than a string: `2`, `true`, `012`, `22:22`, `~`.
 * It is written again as it was read, so that what it means stays GitLab's business.
 */
export class CiPlain {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Unquoted words that YAML 1.1 and 1.2 both read as the string they are, whatever stands around them. */
export const CERTAIN_STRING =
  /^(?!(?:yes|no|true|false|on|off|null|\.inf|\.nan)$)(?:[A-Za-z/]|\$[A-Za-z]|\.[A-Za-z/])(?:[\w./$@-]|:(?=[\w/$])| (?=[\w./$]))*$/i;

export interface CiFile {
  file: string;
  entries: readonly { key: string; value: CiValue; line: number; column: number }[];
}

/**
 * Parses a CI file without deciding what its unquoted words mean; merge keys, aliases and `!reference` work.
 *
 * @returns the top-level entries in their order, each with the 1-based position of its key.
 * @throws AffectedError `ci-yaml` with `<file>:<line>:<column>`.
 */
export function parseCiFile(text: string, file: string): CiFile {
  const lines = lineCounterOf(text);
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'failsafe',
    merge: true,
    customTags: [referenceTag],
    prettyErrors: false,
    logLevel: 'silent',
  });
  const at = (offset: number) => lines.linePos(offset);
  const [error] = document.errors;
  if (error) throw ciYamlError(file, at(error.pos[0]), `${firstSentence(error.message)}; mend the YAML`);
  if (document.contents === null) return { file, entries: [] };
  if (!isMap(document.contents)) {
    throw ciYamlError(file, { line: 1, col: 1 }, 'a CI file is a mapping of job names to jobs');
  }
  visit(document, {
    Scalar: (key, node) => {
      if (key !== 'key' && isUncertain(node)) node.value = new CiPlain(node.source as string);
    },
  });
  const values = document.toJS({ maxAliasCount: 1000 }) as Record<string, CiValue>;
  const { items } = document.contents;
  const entries = Object.entries(values).map(([key, value]) => {
    const written = items
      .map((item) => item.key)
      .find((candidate) => isScalar(candidate) && candidate.value === key);
    // What a merge key brings in stands nowhere at the top level.
    const { line, col } = at(isScalar(written) ? (written.range?.[0] ?? 0) : 0);
    return { key, value, line, column: col };
  });
  return { file, entries };
}

function isUncertain({ type, source, value }: Scalar): boolean {
  // A word over several lines is folded, and no type but a string may be.
  if (type !== Scalar.PLAIN || typeof source !== 'string' || /[^\t\x20-\x7e]/.test(source)) return false;
  return value === source && !CERTAIN_STRING.test(source);
}

export function ciYamlError(
  file: string,
  position: { line: number; col: number },
  message: string,
): AffectedError {
  return new AffectedError('ci-yaml', `${file}:${position.line}:${position.col}: ${message}`);
}

export function isCiMap(value: CiValue | undefined): value is CiMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof CiReference) &&
    !(value instanceof CiPlain)
  );
}

/** The names in a value that may be one name or a list of them, such as `extends`. */
export function namesIn(value: CiValue | undefined): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((name) => typeof name === 'string');
}

/** Every `!reference` below a value, at any depth. */
export function referencesIn(value: CiValue | undefined): readonly CiReference[] {
  if (value instanceof CiReference) return [value];
  if (Array.isArray(value)) return value.flatMap((item) => referencesIn(item));
  return isCiMap(value) ? Object.values(value).flatMap((item) => referencesIn(item)) : [];
}

/** A copy with each `!reference` replaced. */
export function mapReferences(value: CiValue, replace: (reference: CiReference) => CiReference): CiValue {
  if (value instanceof CiReference) return replace(value);
  if (Array.isArray(value)) return value.map((item) => mapReferences(item, replace));
  if (!isCiMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapReferences(item, replace)]));
}

const referenceTag: CollectionTag = {
  tag: '!reference',
  collection: 'seq',
  resolve: (sequence) => {
    const { items } = sequence as YAMLSeq<Scalar>;
    return new Scalar(new CiReference(items.map(({ value }) => String(value))));
  },
};

function firstSentence(message: string): string {
  return (message.split('\n')[0] as string).replace(/[.:]$/, '');
}
