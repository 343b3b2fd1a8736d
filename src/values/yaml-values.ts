import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  visit,
} from 'yaml';
import { addValue, checkDepth, errorAfter, type Step, type Value, type Values } from './value.ts';

/** Plain words that are strings in YAML 1.2, and may be booleans, numbers or dates to readers of YAML 1.1. */
const AMBIGUOUS = new RegExp(
  [
    '^(?:y|n|yes|no|on|off|true|false|null|~|<<|=',
    String.raw`|[-+]?(?:0b[01_]+|0x[\da-f_]+|[\d_]+(?::[0-5]?\d)*(?:\.[\d_]*)?(?:e[-+]?\d+)?|\.[\d_]+(?:e[-+]?\d+)?)`,
    String.raw`|[-+]?\.inf|\.nan|\d{4}-\d\d?-\d\d?(?:[t \t].*)?)$`,
  ].join(''),
  'i',
);
/** Nodes that aliases may stand for: a file of a few lines can name more than any machine can hold. */
const MOST_ALIASED = 100_000;

interface Walk {
  text: string;
  targets: ReadonlyMap<Alias, Node | undefined>;
  values: Map<string, Value>;
  /** Nodes that have been reached through an alias. */
  aliased: number;
}

const SENTENCES: Readonly<Record<string, string | undefined>> = {
  NON_STRING_KEY:
    'only keys that are strings can be read; put one that begins with "{", "[" or "*" into quotes',
  RESOURCE_EXHAUSTION: 'this is nested too deeply to be read; remove levels of nesting',
};

/** The values of a YAML text, behind anchors, aliases and merge keys. In a second document all steps begin with `1`. */
export function yamlValues(text: string, options: { single: boolean }): Values {
  const values = new Map<string, Value>();
  const documents = parseAllDocuments(text, { merge: true, prettyErrors: false, stringKeys: true });
  for (const [index, document] of Array.isArray(documents) ? documents.entries() : []) {
    if (index > 0 && options.single) {
      throw errorAfter(text.slice(0, document.range[0]), 'the file holds several YAML documents; keep one');
    }
    const [error] = document.errors;
    if (error) {
      throw errorAfter(
        text.slice(0, error.pos[0]),
        SENTENCES[error.code] ?? `this is no valid YAML: ${error.message}`,
      );
    }
    const own = new Map<string, Value>();
    const walk = { text, targets: aliasTargets(document), values: own, aliased: 0 };
    addNode(walk, [], { node: document.contents, isAliased: false });
    for (const [key, value] of own) values.set(index === 0 ? key : `${index} ${key}`, value);
  }
  return values;
}

/** Where each alias leads: to the last anchor of its name before it. */
function aliasTargets(document: Document.Parsed): ReadonlyMap<Alias, Node | undefined> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node | undefined>();
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) targets.set(node, anchors.get(node.source));
      else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

function addNode(walk: Walk, steps: readonly Step[], place: { node: unknown; isAliased: boolean }): void {
  const node = resolveAlias(walk, place.node);
  const isAliased = place.isAliased || isAlias(place.node);
  if (isAliased) countAliased(walk, place.node);
  checkDepth(steps, () => walk.text.slice(0, startOf(place.node)));
  if (isScalar(node)) return addValue(walk.values, steps, scalar(node as Scalar.Parsed));
  if (!isMap(node) && !isSeq(node)) return addValue(walk.values, steps, { type: 'null', text: '' });
  const children: [Step, unknown][] = isMap(node)
    ? [...effectivePairs(walk, node.items, [])]
    : node.items.map((item, index) => [index, item]);
  const type = node.tag ?? (isMap(node) ? 'mapping' : 'list');
  if (node.tag !== undefined || children.length === 0) addValue(walk.values, steps, { type, text: '' });
  for (const [step, child] of children) addNode(walk, [...steps, step], { node: child, isAliased });
}

/** A mapping's own keys count before those it merges, and of those the first. */
function effectivePairs(
  walk: Walk,
  pairs: readonly Pair[],
  merging: readonly unknown[],
): Map<string, unknown> {
  const effective = new Map<string, unknown>();
  const merged: [string, unknown][] = [];
  for (const pair of pairs) {
    const key = pair.key as Scalar<string>;
    if (key.value !== '<<' || key.type !== 'PLAIN') {
      effective.set(key.value, pair.value);
      continue;
    }
    const value = resolveAlias(walk, pair.value);
    for (const item of isSeq(value) ? value.items : [value]) {
      const source = resolveAlias(walk, item);
      if (!isMap(source) || merging.includes(source)) {
        throw errorAt(walk, pair.value, 'the merge key << takes the alias of a mapping, or a list of them');
      }
      countAliased(walk, pair.value);
      merged.push(...effectivePairs(walk, source.items, [...merging, source]));
    }
  }
  for (const [key, value] of merged) if (!effective.has(key)) effective.set(key, value);
  return effective;
}

function resolveAlias(walk: Walk, node: unknown): unknown {
  if (!isAlias(node)) return node;
  const target = walk.targets.get(node);
  if (target === undefined) throw errorAt(walk, node, `the alias *${node.source} has no anchor above it`);
  return target;
}

function countAliased(walk: Walk, node: unknown): void {
  walk.aliased += 1;
  if (walk.aliased <= MOST_ALIASED) return;
  throw errorAt(walk, node, 'the aliases of the file expand to too much; write out some of them');
}

function scalar({ value, source, type, tag }: Scalar.Parsed): Omit<Value, 'path'> {
  const isCore = tag === undefined || tag.startsWith('tag:yaml.org,2002:str');
  if (value === null && isCore) return { type: 'null', text: '' };
  if (typeof value !== 'string') return { type: isCore ? 'literal' : tag, text: source };
  if (!isCore) return { type: tag, text: value };
  return { type: type === 'PLAIN' && AMBIGUOUS.test(value) ? 'plain' : 'string', text: value };
}

function errorAt({ text }: Walk, node: unknown, message: string): Error {
  return errorAfter(text.slice(0, startOf(node)), message);
}

function startOf(node: unknown): number {
  return (node as Node | undefined)?.range?.[0] ?? 0;
}
