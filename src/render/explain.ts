import type { AffectedImage } from '../affected/affected.ts';
import type { PathExplanation } from '../affected/explain-path.ts';
import { describeDeclared, explainReason } from '../affected/reasons.ts';
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
    return `${printable(name)} is not affected: no changed file is an input of it or of an image it is built from.\n`;
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
}

/** What a path can affect, by which rule, and why other images whose context holds it stay untouched. */
export function renderPathExplanation(effects: PathEffects): string {
  const { path, changed, inputOf, templateOf, ignoreFileOf, argsFileOf, isConfig } = effects;
  const { dependents, notInputOf } = effects;
  const ways = [
    ...inputOf.map(({ image, rule }) => `${image}: ${describeRule(rule)}`),
    ...templateOf.map(({ image, template }) => `${image}: template ${template}`),
    ...ignoreFileOf.map((image) => `${image}: decides which files of its build context count`),
    ...argsFileOf.map(
      ({ image, names }) =>
        `${image}: sets its build arg${names.length === 1 ? '' : 's'} ${names.join(', ')}`,
    ),
    ...(isConfig ? ['any image whose settings it changes'] : []),
  ];
  const lines = [`${printable(path)} ${changed ? 'changed' : 'did not change'}.`];
  lines.push(
    ways.length === 0 ? 'It can affect no image.' : 'It can affect:',
    ...ways.map((way) => `  ${printable(way)}`),
  );
  if (dependents.length > 0)
    lines.push(`Built from ${ways.length === 1 ? 'it' : 'these'}: ${dependents.map(printable).join(', ')}`);
  if (notInputOf.length > 0) lines.push('It is no input of:');
  lines.push(...notInputOf.map(({ image, why }) => `  ${printable(image)}: ${WHY_NOT[why]}`));
  return `${lines.join('\n')}\n`;
}

const WHY_NOT = {
  ignored: 'the ignore file keeps it out of the build context',
  'not-copied': 'it is in the build context, but no stage that is built copies it',
};

function describeRule(rule: InputRule): string {
  switch (rule.kind) {
    case 'dockerfile':
      return 'its Dockerfile';
    case 'source': {
      const through = rule.link === undefined ? '' : ` through the link ${rule.link}`;
      return `${rule.instruction} ${rule.source}${through}, line ${rule.line}`;
    }
    case 'declared-input':
      return describeDeclared(rule);
    case 'ci-file':
      return 'its CI jobs';
  }
}
