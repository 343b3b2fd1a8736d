import { normalForm } from '../dockerfile/normal-form.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import type { Side } from './side.ts';

/**
 * Tells whether a change of `path`, which leads to an image's Dockerfile, leaves what the builder reads there as it
 * was. Not for a supposed change, which neither side shows: what it would say is not known.
 */
export type ReadsAlike = (image: string, path: string) => boolean;

/** Only the Dockerfiles it is asked about are parsed, each once. */
export function compareDockerfiles({ base, head }: { base: Side; head: Side }): ReadsAlike {
  const known = new Map<string, boolean>();
  return (image, path) => {
    const [before, after] = [base.tree.get(path), head.tree.get(path)];
    if (before?.oid === after?.oid && before?.mode === after?.mode) return false;
    const alike = known.get(image) ?? haveSameForm(base, head, image);
    known.set(image, alike);
    return alike;
  };
}

function haveSameForm(base: Side, head: Side, name: string): boolean {
  const [old, now] = [base.images.get(name), head.images.get(name)];
  // Another file took its place: that is what changed.
  if (!old || now?.image.dockerfile !== old.image.dockerfile) return false;
  return sayTheSame(old, now);
}

/** Whether builders read the same in two Dockerfiles. The arguments are the head's: other ones affect the image anyway. */
export function sayTheSame(old: ResolvedImage, now: ResolvedImage): boolean {
  const [before, after] = [old.inputs.dockerfileText, now.inputs.dockerfileText];
  if (before === undefined || after === undefined) return false;
  if (before === after) return true;
  const form = normalForm(after, now.image.args);
  return form !== undefined && form === normalForm(before, now.image.args);
}
