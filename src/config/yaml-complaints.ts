import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  type Pair,
  visit,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import type { Complaint } from './config-error.ts';
import { formatKeyPath, type KeyPath } from './key-path.ts';
import { keyText, mergeSources, startOf } from './locate.ts';

/** Sentences for what `yaml` words for programmers, by its error codes. */
const SENTENCES: Partial<Record<string, string>> = {
  MULTIPLE_DOCS: 'the file holds several YAML documents; keep one',
  NON_STRING_KEY: 'a key must be a string; put one that begins with "{", "[" or "*" into quotes',
  RESOURCE_EXHAUSTION: 'the file is nested too deeply; remove levels of nesting',
  TAG_RESOLVE_FAILED: 'this tag is unknown; put a text that begins with "!" into quotes',
};

/**
 * What makes the text no YAML. A parser that lost its way complains about each token to come, and one that ran out of
 * depth about each level it gave up: only the first of these is told.
 */
export function syntaxComplaints(document: Document.Parsed): Complaint[] {
  const errors = document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  const tooDeep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  const ownFaults = errors.filter(({ code }, index) => index === 0 || code !== 'UNEXPECTED_TOKEN');
  return (tooDeep ? [tooDeep] : ownFaults).map(inOurWords);
}

/** What is YAML but cannot be meant, or would be lost in silence: double or unusable keys, stray tags and aliases. */
export function structureComplaints(document: Document.Parsed, lines: LineCounter): Complaint[] {
  const complaints = document.warnings.map(inOurWords);
  const anchors = new Set<string>();
  visit(document, {
    Node(_key, node, ancestors) {
      if (isAlias(node)) {
        if (anchors.has(node.source)) return;
        const message = `the alias *${node.source} has no anchor &${node.source} above it; put a text that begins with "*" into quotes`;
        complaints.push(complaintAt(node, pathTo([...ancestors, node]), message));
        return;
      }
      if (node.anchor !== undefined) anchors.add(node.anchor);
      if (isMap(node)) {
        complaints.push(
          ...pairComplaints({ document, lines, map: node, path: pathTo([...ancestors, node]) }),
        );
      }
    },
  });
  return complaints;
}

function inOurWords({ code, message, pos }: YAMLError): Complaint {
  return { offset: pos[0], key: '', message: SENTENCES[code] ?? `this is no valid YAML: ${message}` };
}

interface Mapping {
  document: Document.Parsed;
  lines: LineCounter;
  map: YAMLMap;
  path: KeyPath;
}

function pairComplaints({ document, lines, map, path }: Mapping): Complaint[] {
  const firsts = new Map<string, Pair>();
  const complaints: Complaint[] = [];
  for (const pair of map.items) {
    const name = keyText(pair.key);
    const here = [...path, name];
    const quoted = `\`${formatKeyPath(here)}\``;
    const first = firsts.get(name);
    if (isMergeKey(pair)) {
      if (mergeSources(document, pair).every(isMap)) continue;
      complaints.push(
        complaintAt(pair.value, path, 'the merge key `<<` takes the alias of a mapping, or a list of them'),
      );
    } else if (first !== undefined) {
      const { line } = lines.linePos(startOf(first.key));
      complaints.push(complaintAt(pair.key, here, `${quoted} is set twice, first on line ${line}; keep one`));
    } else if (name === '__proto__') {
      // JavaScript's objects keep such a key apart from all others, so the schema would never see it.
      complaints.push(complaintAt(pair.key, here, `the key ${quoted} cannot be used`));
    }
    firsts.set(name, first ?? pair);
  }
  return complaints;
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && keyText(key) === '<<';
}

function complaintAt(node: unknown, path: KeyPath, message: string): Complaint {
  return { offset: startOf(node), key: formatKeyPath(path), message };
}

/** The steps from the document to the last of a chain of nodes, each the parent of the next. */
function pathTo(chain: readonly unknown[]): KeyPath {
  return chain.flatMap((node, index): KeyPath => {
    const parent = chain[index - 1];
    if (isSeq(parent)) return [parent.items.indexOf(node)];
    return isPair(node) ? [keyText(node.key)] : [];
  });
}
