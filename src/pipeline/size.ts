import type { ChildPipeline } from './child-pipeline.ts';
import { type CiMap, CiPlain, CiReference, type CiValue } from './ci-yaml.ts';
import type { Limits } from './limits.ts';

/** What of a pipeline GitLab limits as a whole. */
export interface PipelineSize {
  jobs: number;
  /** Of Ruby's memory. */
  yamlBytes: number;
}

export function sizeOf({ workflow, default: defaults, stages, hidden, jobs }: ChildPipeline): PipelineSize {
  const own = { workflow, default: defaults, stages };
  const entries = [...hidden, ...jobs];
  const sizes = entries.map((job) => jobBytes(job));
  const keys = Object.keys(own).length + entries.length;
  return {
    jobs: jobs.length,
    yamlBytes: sizes.reduce((sum, size) => sum + size, yamlBytes(own) + tableBytes(keys)),
  };
}

/** What an entry at the top of a file adds to its size. */
export function jobBytes({ name, definition }: { name: string; definition: CiMap }): number {
  return stringBytes(name) + yamlBytes(definition);
}

/** The limit that a pipeline is over, in words; `undefined` for a pipeline that GitLab takes. */
export function overLimit(size: PipelineSize, limits: Limits): string | undefined {
  if (size.jobs > limits.jobs)
    return `has ${size.jobs} jobs; GitLab takes ${limits.jobs} (limits.jobs in affected.yml)`;
  if (size.yamlBytes > limits.yamlBytes)
    return `takes ${size.yamlBytes} bytes of GitLab's memory; it gives ${limits.yamlBytes} (limits.yamlBytes in affected.yml)`;
  return undefined;
}

/**
 * What a value weighs as GitLab weighs a configuration: not its text, but the strings, lists and mappings that Ruby makes
 * of it; at most, as versions of Ruby differ. Source: lib/gitlab/utils/deep_size.rb with `ObjectSpace.memsize_of`.
 */
export function yamlBytes(value: CiValue): number {
  if (typeof value === 'string') return stringBytes(value);
  // A number or a boolean weighs nothing, but as a word it may be a string.
  if (typeof value === 'boolean') return 0;
  if (value instanceof CiPlain) return stringBytes(value.text);
  if (value instanceof CiReference) return OBJECT + yamlBytes(value.path);
  if (Array.isArray(value))
    return value.reduce<number>((sum, item: CiValue) => sum + yamlBytes(item), listBytes(value.length));
  const entries = Object.entries(value);
  return entries.reduce(
    (sum, [key, item]) => sum + stringBytes(key) + yamlBytes(item),
    tableBytes(entries.length),
  );
}

/** What Ruby (from 3.2 on) keeps within an object comes in these sizes; a header and a final NUL stand beside the text. */
const SLOTS = [80, 160, 320, 640];
const OBJECT = 40;

function stringBytes(text: string): number {
  const length = Buffer.byteLength(text);
  if (length <= 23) return OBJECT;
  const slot = SLOTS.find((size) => length + 25 <= size) ?? 0;
  return Math.max(slot, OBJECT + length + 1);
}

/** A list that grows has places to spare. */
function listBytes(length: number): number {
  if (length <= 3) return OBJECT;
  return OBJECT + 8 * Math.max(20, 2 * length);
}

/** Of at most eight entries, pairs in a row; then a hash table, whose places double. */
function tableBytes(entries: number): number {
  if (entries <= 8) return 168;
  const places = Math.max(32, 2 ** Math.ceil(Math.log2(entries)));
  return 216 + 24 * places + 2 * places * (places <= 128 ? 1 : 2);
}
