import type { AffectedImage } from '../affected/affected.ts';
import type { PathExplanation } from '../affected/explain-path.ts';
import { describeDeclared, explainReason } from '../affected/reasons.ts';
import type { UnownedPolicy } from '../affected/unowned.ts';
import type { WhyNot } from '../affected/why-not-input.ts';
import type { InputRule } from '../images/inputs.ts';
import type { Comparison } from './comparison.ts';
import { printable } from './printable.ts';

/** The chain from each changed path to an image, as an indented list; each image's own reasons are told once. */
export function renderImageExplanation(name: string, { affected, removed }: Comparison): string {
  const byName = new Map(affected.map((entry) => [entry.image.name, entry]));
  if (removed.some((image) => image.name === name))
    return `${printable(name)} was removed; it gets no job.\n`;
  const entry = byName.get(name);
  if (!entry) {
    return `${printable(name)} is not affected: no changed file can change it or an image it is built from.\n`;
  }
  const lines = [`${printable(name)} is affected:`];
  const told = new Set([name]);
  tell(entry, 1);
  return `${lines.join('\n')}\n`;

  function tell({ reasons }: AffectedImage, depth: number): void {
    const indent = '  '.repeat(depth);
    for (const reason of reasons) {
      lines.push(indent + printable(explainReason(reason)));
      const base = reason.kind === 'dependency' ? byName.get(reason.image) : undefined;
      if (!base || reason.kind !== 'dependency') continue;
      if (told.has(reason.image)) lines.push(`${indent}  (told above)`);
      else {
        told.add(reason.image);
        tell(base, depth + 1);
      }
    }
  }
}

/** What a path can do, by its rules and by the roles it may have besides; `affected explain --json` prints it as it is. */
export interface PathEffects extends PathExplanation {
  /** Whether it is among the changes. */
  changed: boolean;
  /** Images whose jobs extend a template that the file holds. */
  templateOf: readonly { image: string; template: string }[];
  /** Images for which it is the ignore file in force. */
  ignoreFileOf: readonly string[];
  /** Images that take build args from it, and which. */
  argsFileOf: readonly { image: string; names: readonly string[] }[];
  /** Whether it is the config. */
  isConfig: boolean;
  /** What follows when it is unowned and changes. */
  unownedPolicy: UnownedPolicy;
}

/** What a path can affect, by which rule, and why other images that are near to it stay untouched. */
export function renderPathExplanation(effects: PathEffects): string {
  const { path, changed, inputOf, templateOf, ignoreFileOf, argsFileOf, isConfig } = effects;
  const { dependents, notInputOf, unowned, unownedPolicy } = effects;
  const ways = [
    ...inputOf.map(
      ({ image, rule, discarded }) => `${image}: ${describeRule(rule)}${discarded ? DISCARDED : ''}`,
    ),
    ...templateOf.map(({ image, template }) => `${image}: template ${template}`),
    ...ignoreFileOf.map((image) => `${image}: decides which files of its build context count`),
    ...argsFileOf.map(
      ({ image, names }) =>
        `${image}: sets its build arg${names.length === 1 ? '' : 's'} ${names.join(', ')}`,
    ),
    ...(isConfig ? ['any image whose settings it changes'] : []),
  ];
  const lines = [`${printable(path)} ${changed ? 'changed' : 'did not change'}.`];
  if (unowned) lines.push(UNOWNED[unownedPolicy]);
  else lines.push(ways.length === 0 ? 'It can affect no image.' : 'It can affect:');
  lines.push(...ways.map((way) => `  ${printable(way)}`));
  if (dependents.length > 0)
    lines.push(`Built from ${ways.length === 1 ? 'it' : 'these'}: ${dependents.map(printable).join(', ')}`);
  if (notInputOf.length > 0) lines.push('It is no input of:');
  lines.push(
    ...notInputOf.map(({ image, ...why }) => `  ${printable(image)}: ${printable(describeWhyNot(why))}`),
  );
  return `${lines.join('\n')}\n`;
}

const DISCARDED = ', changed only in what the builder discards';

const UNOWNED: Readonly<Record<UnownedPolicy, string>> = {
  ignore: 'It belongs to no image: nothing is built when it changes (unowned.policy is ignore).',
  all: 'It belongs to no image: every image is built when it changes (unowned.policy is all).',
  error:
    'It belongs to no image: the run fails when it changes (unowned.policy is error). Declare it under "inputs" or "unowned.except".',
};

function describeWhyNot(why: WhyNot): string {
  switch (why.why) {
    case 'ignored':
      return `${why.file}:${why.line} keeps it out of the build context (${why.pattern})`;
    case 'not-needed':
      return `only a build stage that is not needed takes it (${why.instruction} ${why.source}, line ${why.line})`;
    case 'not-copied':
      return `it is in the build context, but ${NOT_COPIED[why.sources] ?? `none of the ${why.sources} sources copied from there holds it`}`;
    case 'outside-context':
      return `it is not in the build context ${why.context}`;
  }
}

/** By how many sources there are. */
const NOT_COPIED = ['nothing is copied from there', 'the one source copied from there does not hold it'];

function describeRule(rule: InputRule): string {
  switch (rule.kind) {
    case 'dockerfile':
      return 'its Dockerfile';
    case 'source': {
      const through = rule.link === undefined ? '' : ` through the link ${rule.link}`;
      const directory = rule.directory === undefined ? '' : `, by its directory ${rule.directory}`;
      return `${rule.instruction} ${rule.source}${through}, line ${rule.line}${directory}`;
    }
    case 'declared-input':
      return describeDeclared(rule);
    case 'ci-file':
      return 'its CI jobs';
  }
}
