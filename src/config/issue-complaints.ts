import { type Document, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type * as z from 'zod/mini';
import type { Complaint } from './config-error.ts';
import { formatKeyPath, type KeyPath } from './key-path.ts';
import { locate, type Place } from './locate.ts';
import { nearestKey } from './nearest-key.ts';

const CORE_TAG = 'tag:yaml.org,2002:';
const CORE_TYPES = new Set(
  ['map', 'seq', 'str', 'null', 'bool', 'int', 'float'].map((type) => CORE_TAG + type),
);
/** Characters of a string that are shown. */
const LONGEST_QUOTE = 60;
/** In a URL; a password is never printed. */
const LOGIN = /(?<=:\/\/)[^\s/]+(?=@)/g;

/** Words an issue of the schema for the person who wrote the text: what stands there, and what to write instead. */
export function issueComplaints(document: Document, issue: z.core.$ZodIssue): Complaint[] {
  // YAML has no symbols.
  const path = issue.path as KeyPath;
  if (issue.code === 'unrecognized_keys') {
    const knownKeys = issue.message.split(' ');
    return issue.keys
      .filter((key) => key !== '__proto__') // It has been complained of already, wherever it stands.
      .map((key) => unknownKey({ document, path: [...path, key], knownKeys }));
  }
  if (issue.code === 'invalid_union') {
    const meant = meantIssues(issue.errors);
    if (meant)
      return meant.flatMap((own) => issueComplaints(document, { ...own, path: [...path, ...own.path] }));
  }
  const key = formatKeyPath(path);
  const subject = key === '' ? 'the file' : `\`${key}\``;
  const place = locate(document, path);
  if (issue.code === 'invalid_key') {
    const message = `${subject} is a key that cannot be used; ${issue.issues[0]?.message}`;
    return [{ offset: place.keyOffset, key, message }];
  }
  const message = `${subject} ${describe(place)}; ${issue.message}${correction(issue, place.node)}`;
  return [{ offset: place.valueOffset, key, message }];
}

/** The issues of the one form that takes what stands there, but for something in it. */
function meantIssues(
  forms: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  return forms.find(
    (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  );
}

interface UnknownKey {
  document: Document;
  path: KeyPath;
  knownKeys: readonly string[];
}

function unknownKey({ document, path, knownKeys }: UnknownKey): Complaint {
  const key = formatKeyPath(path);
  const nearest = nearestKey(String(path.at(-1)), knownKeys);
  const advice = nearest
    ? `did you mean \`${nearest}\`?`
    : `the keys known here are ${knownKeys.map((known) => `\`${known}\``).join(', ')}`;
  const message = `unknown key \`${key}\`; ${advice}`;
  return { offset: locate(document, path).keyOffset, key, message };
}

function describe({ exists, node }: Place): string {
  if (node === undefined) return exists ? 'has no value' : 'is missing';
  if (node.tag !== undefined && !CORE_TYPES.has(node.tag))
    return `is tagged ${node.tag.replace(CORE_TAG, '!!')}`;
  if (isMap(node)) return node.items.length === 0 ? 'is an empty mapping' : 'is a mapping';
  if (isSeq(node)) return node.items.length === 0 ? 'is an empty list' : 'is a list';
  return describeScalar(node as Scalar.Parsed);
}

function describeScalar({ value, source }: Scalar.Parsed): string {
  if (value === null) return 'has no value';
  if (typeof value !== 'string') return `is the ${typeof value} ${source}`;
  const shown = value.replace(LOGIN, '…');
  if (shown.length <= LONGEST_QUOTE) return `is the string ${JSON.stringify(shown)}`;
  return `is the string ${JSON.stringify(shown.slice(0, LONGEST_QUOTE))}… of ${value.length} characters`;
}

/** The source text in quotes, since 2.10 as a number has already become 2.1. */
function correction(issue: z.core.$ZodIssue, node: Node | undefined): string {
  const isAsked = issue.code === 'invalid_type' && issue.expected === 'string';
  if (!isAsked || !isScalar(node) || !['number', 'boolean'].includes(typeof node.value)) return '';
  return `: write ${JSON.stringify(node.source)}`;
}
