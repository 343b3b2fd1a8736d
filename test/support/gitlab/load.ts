import { isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Document, Node, ParsedNode, Scalar, YAMLMap } from 'yaml';
import type { Finding } from './finding.ts';
import { readPlainScalar } from './scalar.ts';
import { isList, isMapping, isRubyScalar } from './value.ts';
import type { Mapping, Reference, Value } from './value.ts';

export interface LoadedYaml {
  /** Undefined where there is no mapping to go on with; a finding then says why. */
  readonly config: Mapping | undefined;
  readonly findings: readonly Finding[];
}

/**
 * Reads YAML as GitLab does, with Psych's idea of plain scalars and of merge keys, and keeps `!reference` as a value
 * of its own. Reports what GitLab refuses and what is lost on the way (of equal keys the last one wins).
 * Source: lib/gitlab/config/loader/yaml.rb, lib/gitlab/ci/config/yaml/loader.rb.
 */
export function loadYaml(text: string): LoadedYaml {
  const documents = parseAllDocuments(text, { version: '1.1', schema: 'failsafe', uniqueKeys: false });
  const [document] = documents;
  if (document === undefined) return refused({ code: 'yaml-not-a-mapping', message: 'The file is empty.' });
  const errors = documents.flatMap((each) => each.errors);
  const findings: Finding[] = errors.map(({ message }) => ({ code: 'yaml-syntax', message }));
  findings.push(...checkCharacters(text));
  if (findings.some(({ code }) => code === 'yaml-syntax')) return { config: undefined, findings };
  if (documents.length > 1) {
    const message = 'More than one document: GitLab takes the first one for a header of inputs.';
    return refused({ code: 'yaml-several-documents', message });
  }
  const reader: Reader = { text, document, findings, known: new Map(), open: new Set() };
  const config = readNode(reader, document.contents, []);
  if (isMapping(config)) return { config, findings };
  findings.push({ code: 'yaml-not-a-mapping', message: 'The top level of the file is not a mapping.' });
  return { config: undefined, findings };
}

/** What libyaml, below Psych, doesn't read though the YAML library here does. Source: libyaml's reader.c. */
const forbiddenCharacter = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** YAML 1.1 breaks lines here, YAML 1.2 doesn't: a scalar with one of them is folded, unless it is escaped. */
const olderLineBreak = /[\u0085\u2028\u2029]/u;

function checkCharacters(text: string): Finding[] {
  const name = (at: number): string =>
    `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase()} at offset ${at}`;
  const forbidden = text.search(forbiddenCharacter);
  const lineBreak = text.search(olderLineBreak);
  const findings: Finding[] = [];
  if (forbidden >= 0) {
    findings.push({ code: 'yaml-syntax', message: `${name(forbidden)} is not allowed in YAML; escape it.` });
  }
  if (lineBreak >= 0) {
    findings.push({
      code: 'yaml-line-break',
      message: `${name(lineBreak)} is an end of line to Ruby; escape it.`,
    });
  }
  return findings;
}

interface Reader {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly findings: Finding[];
  /** An anchor's value is read once; every alias of it is the same value. */
  readonly known: Map<Node, Value>;
  readonly open: Set<Node>;
}

function refused(finding: Finding): LoadedYaml {
  return { config: undefined, findings: [finding] };
}

function readNode(reader: Reader, node: ParsedNode | Node | null, path: readonly string[]): Value {
  if (node === null) return null;
  const source = isAlias(node) ? node.resolve(reader.document) : node;
  if (source === undefined || reader.open.has(source)) {
    reader.findings.push({
      code: 'yaml-syntax',
      message: `${where(path)}: an alias of nothing or of itself.`,
    });
    return null;
  }
  const known = reader.known.get(source);
  if (known !== undefined) return known;
  reader.open.add(source);
  const value = readContent(reader, source, path);
  reader.open.delete(source);
  reader.known.set(source, value);
  return value;
}

function readContent(reader: Reader, node: Node, path: readonly string[]): Value {
  if (node.tag === '!reference') return readReference(reader, node, path);
  if (isSeq(node)) {
    return node.items.map((item, index) => readNode(reader, item as Node, [...path, String(index)]));
  }
  if (isMap(node)) return readMap(reader, node, path);
  if (!isScalar(node)) return null;
  refuseForLibyaml(reader, node, path);
  const text = String(node.source ?? node.value ?? '');
  if (node.type !== 'PLAIN' || node.tag === 'tag:yaml.org,2002:str') return String(node.value);
  const value = readPlainScalar(text);
  if (isRubyScalar(value) && (value.class === 'Date' || value.class === 'Time')) {
    const message = `${where(path)}: ${text} is a ${value.class} to Ruby, which GitLab doesn't load; quote it.`;
    reader.findings.push({ code: 'yaml-class-not-allowed', message });
  }
  return value;
}

/**
 * libyaml takes an escape for one character, so that no pair of surrogates can be written with two; and where a block
 * scalar doesn't say its indentation, no line before the indentation is known may hold a tab.
 */
function refuseForLibyaml(reader: Reader, node: Scalar, path: readonly string[]): void {
  const [start = 0, end = 0] = node.range ?? [];
  const source = reader.text.slice(start, end);
  const refuse = (problem: string): void => {
    reader.findings.push({ code: 'yaml-syntax', message: `${where(path)}: ${problem}` });
  };
  if (node.type === 'QUOTE_DOUBLE' && /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/u.test(source)) {
    refuse('found invalid Unicode character escape code; write the character itself.');
  }
  if (/^[|>][-+]?(?:[ \t][^\n]*)?\n(?: *\r?\n)* *\t/u.test(source)) {
    refuse('found a tab character where an indentation space is expected; quote the text.');
  }
}

function readReference(reader: Reader, node: Node, path: readonly string[]): Reference {
  const items = isSeq(node) ? node.items.map((item) => readNode(reader, item as Node, path)) : [];
  const strings = items.filter((item) => typeof item === 'string');
  const isValid = strings.length > 0 && strings.length === items.length;
  return { kind: 'reference', path: isValid ? strings : undefined };
}

function readMap(reader: Reader, node: YAMLMap, path: readonly string[]): Mapping {
  const map = new Map<string, Value>();
  const written = new Set<string>();
  for (const pair of node.items) {
    if (!isPair(pair)) continue;
    const keyNode = pair.key as Node | null;
    const key = readKey(reader, keyNode, path);
    const value = readNode(reader, pair.value as Node | null, [...path, key]);
    if (key === '<<' && mergeInto(map, value)) continue;
    if (written.has(key)) {
      const message = `${where(path)}: the key ${key} is given twice; only the last one counts.`;
      reader.findings.push({ code: 'duplicate-key', message });
    }
    written.add(key);
    map.set(key, value);
  }
  return map;
}

function readKey(reader: Reader, node: Node | null, path: readonly string[]): string {
  const key = readNode(reader, node, path);
  if (typeof key === 'string') return key;
  if (isRubyScalar(key) && key.class === 'Symbol') return key.printed;
  const text = isScalar(node) ? String(node.source ?? '') : 'a collection';
  const message = `${where(path)}: the key ${text} is no string to Ruby; quote it.`;
  reader.findings.push({ code: 'key-not-a-string', message });
  return text;
}

/** A merge overrides what stands before it, unlike in other YAML libraries. Source: Psych's revive_hash. */
function mergeInto(map: Map<string, Value>, value: Value): boolean {
  const sources = isList(value) ? value.toReversed() : [value];
  if (!sources.every(isMapping)) return false;
  for (const source of sources) for (const [key, item] of source) map.set(key, item);
  return true;
}

function where(path: readonly string[]): string {
  return path.length === 0 ? 'top level' : path.join('.');
}
