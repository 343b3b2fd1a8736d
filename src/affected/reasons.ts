import type { Change } from '../change.ts';
import type { InputRule } from '../images/inputs.ts';

/**
 * Why an image is affected. Every affected image carries at least one.
 *
 * - `dockerfile`, `source`, `declared-input`, `ci-file`: a changed path and the rule that makes it an input
 * - `ignore-file`: the ignore file in force changed what the build context gives; `example` is one such path
 * - `template`: a file of job templates that the image's jobs extend
 * - `config`: settings of the image that differ between the two commits
 * - `build-arg`: build args it takes from a file differ between the two commits
 * - `new-image`: the image does not exist at the base
 * - `dependency`: an image it is built from is affected, or was removed
 * - `unknown`: a widening of this image; see `widened`
 * - `unowned`: `count` changed paths, of which `path` is the first, belong to no image, and the policy for those is `all`
 * - `requested`: a label of the merge request or a trailer of the commit asks for it; `again`: another commit's image may
 *   have been published since, so that a copy of its own will do
 * - `base-not-available`: `image`, which is affected, is built from it, and what is published may be another one
 * - `not-published`: the registry does not have it as it is at this commit of the default branch
 * - `released`: nothing changed it since the release before, and a release is every image
 * - `everything`: there is no base to compare with, so all images are built
 */
export type Reason =
  | (InputRule & { path: string; status: Change['status'] })
  | { kind: 'ignore-file'; path: string; example: string }
  | { kind: 'template'; path: string; template: string }
  | { kind: 'config'; settings: readonly string[] }
  | { kind: 'build-arg'; path: string; names: readonly string[] }
  | { kind: 'new-image'; dockerfile: string }
  | { kind: 'dependency'; image: string; instruction: string; removed?: true }
  | { kind: 'unknown'; code: string; detail: string }
  | { kind: 'unowned'; path: string; count: number }
  | { kind: 'requested'; by: string; again?: true }
  | { kind: 'base-not-available'; image: string; detail: string }
  | { kind: 'not-published'; detail: string }
  | { kind: 'released'; tag: string }
  | { kind: 'everything'; detail: string };

/** Whether the reason stands on its own, rather than being handed on by another image. */
export function isDirect(reason: Reason): boolean {
  return reason.kind !== 'dependency';
}

/** The reason as half a sentence that starts with what changed. */
export function explainReason(reason: Reason): string {
  switch (reason.kind) {
    case 'dockerfile':
      return `${reason.path} ${reason.status} (its Dockerfile)`;
    case 'source': {
      const through = reason.link === undefined ? '' : ` through the link ${reason.link}`;
      const directory =
        reason.directory === undefined ? '' : `, and with it the directory ${reason.directory}`;
      return `${reason.path} ${reason.status}${directory} (${reason.instruction} ${reason.source}${through}, line ${reason.line})`;
    }
    case 'declared-input':
      return `${reason.path} ${reason.status} (${describeDeclared(reason)})`;
    case 'ci-file':
      return `${reason.path} ${reason.status} (its CI jobs)`;
    case 'ignore-file':
      return `${reason.path} changed what the build context holds (${reason.example})`;
    case 'template':
      return `${reason.path} changed (template ${reason.template})`;
    case 'config':
      return `its settings changed: ${reason.settings.join(', ')}`;
    case 'build-arg':
      return `build arg${reason.names.length === 1 ? '' : 's'} ${reason.names.join(', ')} changed (${reason.path})`;
    case 'new-image':
      return `new image (${reason.dockerfile})`;
    case 'dependency':
      return `${howNamed(reason)} ${reason.image}, which ${reason.removed ? 'was removed' : 'is affected'}`;
    case 'unknown':
      return `can't be known: ${reason.detail}`;
    case 'unowned':
      return reason.count === 1
        ? `${reason.path} changed, which belongs to no image`
        : `${reason.path} and ${reason.count - 1} more changed, which belong to no image`;
    case 'requested':
      return `asked for by ${reason.by}`;
    case 'base-not-available':
      return `${reason.image} is built from it, and ${reason.detail}`;
    case 'not-published':
      return `not published: ${reason.detail}`;
    case 'released':
      return `released by the Git tag ${reason.tag}`;
    case 'everything':
      return reason.detail;
  }
}

/** A declared input, with its keys where only these count. */
export function describeDeclared(rule: {
  glob: string;
  keys?: readonly string[];
  moreKeys?: number;
}): string {
  const { glob, keys, moreKeys } = rule;
  if (keys === undefined) return `declared input ${glob}`;
  return `declared input ${glob}: ${keys.join(', ')}${moreKeys === undefined ? '' : ` and ${moreKeys} more`}`;
}

function howNamed({ instruction }: { instruction: string }): string {
  if (instruction === 'FROM') return 'FROM';
  return instruction === 'RUN' ? 'RUN --mount from' : `${instruction} --from`;
}
