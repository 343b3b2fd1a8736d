import { explainReason, type Reason } from '../affected/reasons.ts';
import type { Difference } from '../fingerprint/differences.ts';
import { printable, printableJson } from './printable.ts';

/** What came of holding answers against fingerprints. */
export interface Verification {
  /** How many pairs of commits were compared, and how many images their heads have in sum. */
  commits: number;
  images: number;
  /** How many of those images are affected, and how many have to be: new, changed, or not known. */
  affected: number;
  changed: number;
  /** Of the affected ones that did not change, how many each kind of reason explains. */
  surplus: Readonly<Record<string, number>>;
  /** The smallest first. */
  disagreements: readonly Disagreement[];
  /** Heads that can't be compared, such as with a broken Dockerfile. */
  refused: readonly { commit: string; message: string }[];
}

export interface Disagreement {
  base: string;
  commit: string;
  image: string;
  /** `missed`: it has to be built and is not in the answer; `needless`: it is, and no reason explains it. */
  kind: 'missed' | 'needless';
  difference: Difference;
  reasons: readonly Reason[];
  /** The paths that the commit changes. */
  changedPaths: readonly string[];
}

export function renderVerificationJson(verification: Verification): string {
  return printableJson(verification);
}

/** As many paths or commits as are named before the rest is only counted. */
const MOST_NAMED = 10;

export function renderVerification(verification: Verification): string {
  const { commits, images, affected, changed, surplus, disagreements, refused } = verification;
  const more = Object.entries(surplus).map(([kind, count]) => `${count} by ${kind}`);
  const lines = [
    `${counted(commits, 'comparison')} of ${counted(images, 'image')} in sum: ${affected} affected, ${changed} had to be.`,
    ...(more.length === 0 ? [] : [`Affected without a changed input: ${more.join(', ')}.`]),
    ...(refused.length === 0 ? [] : [`${counted(refused.length, 'head')} can't be compared:`]),
    ...named(refused.map(({ commit, message }) => `  ${commit.slice(0, 12)} ${message}`)),
    ...(images === 0 ? noImage(commits) : describeDisagreements(disagreements)),
  ];
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function noImage(commits: number): readonly string[] {
  return commits === 0 ? [] : ['None of the heads has an image: is "discover" right in affected.yml?'];
}

function describeDisagreements(disagreements: readonly Disagreement[]): readonly string[] {
  const [smallest] = disagreements;
  if (smallest === undefined) return ['No disagreements.'];
  const { base, commit, image, kind, difference, reasons, changedPaths } = smallest;
  const said =
    kind === 'missed'
      ? `${image} has to be built and is not affected`
      : `${image} is affected and has the same fingerprint`;
  return [
    `${counted(disagreements.length, 'disagreement')}; the smallest:`,
    `  affected --base ${base} --head ${commit}`,
    `  ${said}: ${describeDifference(difference)}`,
    ...reasons.map((reason) => `  reason: ${explainReason(reason)}`),
    '  changed paths:',
    ...named(changedPaths.map((path) => `    ${path}`)),
    'This is a defect of affected; report what stands here.',
  ];
}

function describeDifference(difference: Difference): string {
  switch (difference.kind) {
    case 'same':
      return 'nothing differs';
    case 'new':
      return 'the base has no such image';
    case 'unknown':
      return `can't be known: ${difference.detail}`;
    case 'told-otherwise':
      return `${difference.field} is only told otherwise`;
    case 'differs':
      return `${difference.field} differs (${difference.keys.slice(0, MOST_NAMED).join(', ')})`;
  }
}

function named(lines: readonly string[]): readonly string[] {
  const more = lines.length - MOST_NAMED;
  return [...lines.slice(0, MOST_NAMED), ...(more > 0 ? [`  and ${more} more; --json lists them all`] : [])];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
