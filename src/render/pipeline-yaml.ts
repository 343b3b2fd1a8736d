import { Document, type Pair, Scalar, type ScalarTag, visit, type YAMLMap, YAMLSeq } from 'yaml';
import type { ChildPipeline } from '../pipeline/child-pipeline.ts';
import { CERTAIN_STRING, type CiMap, CiPlain, CiReference, type CiValue } from '../pipeline/ci-yaml.ts';

/**
 * Writes a child pipeline as YAML that YAML 1.1 (GitLab reads with Ruby's Psych) and YAML 1.2 parsers read alike:
 * a string stays the string it is, be it `on`, `012`, `1_000`, `22:22`, `~` or a date.
 *
 * @param options.header comment lines for the top of the file, without `#`.
 */
export function renderPipelineYaml(pipeline: ChildPipeline, options: { header: readonly string[] }): string {
  const document = new Document({}, { version: '1.1', customTags: [plainTag] });
  document.commentBefore = options.header.map((line) => ` ${line}`).join('\n');
  const root: [string, CiValue, string?][] = [
    ['workflow', pipeline.workflow],
    ['default', pipeline.default],
    ['stages', pipeline.stages],
    ...pipeline.hidden.map(({ name, definition, file }): [string, CiMap, string] => [name, definition, file]),
    ...pipeline.jobs.map(({ name, definition }): [string, CiMap] => [name, definition]),
  ];
  for (const [key, value, file] of root) {
    const pair = document.createPair(key, toNode(value, document)) as Pair<Scalar, unknown>;
    pair.key.spaceBefore = key !== 'workflow';
    if (file !== undefined) pair.key.commentBefore = ` From ${printable(file)}`;
    document.add(pair);
  }
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string') node.type = scalarStyle(node.value);
    },
  });
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  return escapeLineBreaks(text);
}

function toNode(value: CiValue, document: Document): unknown {
  if (value instanceof CiReference) {
    const sequence = document.createNode([...value.path]) as YAMLSeq;
    sequence.tag = '!reference';
    sequence.flow = true;
    return sequence;
  }
  if (Array.isArray(value)) {
    const sequence = new YAMLSeq();
    sequence.items = value.map((item: CiValue) => toNode(item, document));
    sequence.flow = value.every((item) => isShortWord(item));
    return sequence;
  }
  if (typeof value !== 'object' || value instanceof CiPlain) return document.createNode(value);
  const map = document.createNode({}) as YAMLMap<unknown, unknown>;
  for (const [key, item] of Object.entries(value)) map.add(document.createPair(key, toNode(item, document)));
  return map;
}

/** Written without quotes as it was read. */
const plainTag: ScalarTag = {
  tag: '!plain',
  default: true,
  identify: (value) => value instanceof CiPlain,
  resolve: (text) => text,
  stringify: ({ value }) => (value as CiPlain).text,
};

function isShortWord(value: CiValue): boolean {
  return typeof value === 'string' && /^[\w./:-]{1,40}$/.test(value);
}

function scalarStyle(value: string): Scalar.Type {
  if (CERTAIN_STRING.test(value)) return Scalar.PLAIN;
  const isBlock =
    /\n./s.test(value) && /^[^\s][\t\n\x20-\x7e]*$/.test(value) && !/[ \t]\n|\n{2,}$/.test(value);
  return isBlock ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE;
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
