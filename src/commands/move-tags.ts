import { AffectedError } from '../errors.ts';
import type { Manifest } from '../registry/manifests.ts';
import type { Repository } from '../registry/repositories.ts';

export interface TagMove {
  /** The image's name. */
  image: string;
  repositoryName: string;
  repository: Repository;
  tag: string;
  manifest: Manifest;
  /** What the tag names now; `undefined` where there is no such tag. */
  held: Manifest | undefined;
}

/**
 * Puts tags one after the other. Where one can't be put, those put before go back to what they held.
 *
 * @param options.reopen opens repositories anew, with time of their own, to put tags back.
 * @param options.done is told each tag that is put, and each that was.
 * @throws AffectedError `tag-not-moved`, which says what stands where.
 */
export async function moveTags(
  moves: readonly TagMove[],
  options: { reopen: () => (name: string) => Repository; done: (move: TagMove) => void },
): Promise<void> {
  const { reopen, done } = options;
  for (const [index, move] of moves.entries()) {
    const { repository, tag, manifest, held } = move;
    if (held?.digest !== manifest.digest) {
      const answer = await repository.putManifest(tag, manifest);
      if (!answer.ok) await recover({ moves, index, detail: answer.detail, open: reopen() });
    }
    done(move);
  }
}

/** Returns where the tag was put all the same: the answer may have been lost, and not the request. */
async function recover(options: {
  moves: readonly TagMove[];
  index: number;
  detail: string;
  open: (name: string) => Repository;
}): Promise<void> {
  const { moves, index, detail, open } = options;
  const move = moves[index] as TagMove;
  const { repositoryName, tag, manifest, held } = move;
  const now = await open(repositoryName).readManifest(tag);
  if (now.ok && now.value?.digest === manifest.digest) return;
  const isUntouched = now.ok && now.value?.digest === held?.digest;
  const isUnknown = !now.ok && held === undefined;
  const moved = moves.slice(0, isUntouched || isUnknown ? index : index + 1);
  throw new AffectedError('tag-not-moved', [
    `${nameOf(move)} could not be put on ${manifest.digest}: ${detail}`,
    ...(isUntouched ? [`  ${nameOf(move)} is as it was`] : []),
    ...(isUnknown ? [`  what ${nameOf(move)} names now is not known`] : []),
    ...(await putBack(moved.toReversed(), open)),
    ...sentence(moves.slice(index + 1).map(nameOf), 'not tried'),
    '  Run the job again when that is mended: it puts what is left.',
  ]);
}

/** Latest first. @returns what stands where, in words. */
async function putBack(
  moves: readonly TagMove[],
  open: (name: string) => Repository,
): Promise<readonly string[]> {
  const back: string[] = [];
  const added: string[] = [];
  const stuck: string[] = [];
  for (const move of moves) {
    const { repositoryName, tag, manifest, held } = move;
    if (held?.digest === manifest.digest) continue;
    if (held === undefined) {
      added.push(nameOf(move));
      continue;
    }
    const answer = await open(repositoryName).putManifest(tag, held);
    if (answer.ok) back.push(nameOf(move));
    else stuck.push(`${nameOf(move)} (${answer.detail})`);
  }
  return [
    ...sentence(back, 'back on what they named before'),
    // No registry need delete a tag, and deleting the image would take all of its tags.
    ...sentence(added, 'new, and there to stay'),
    ...sentence(stuck, 'moved, and could not be put back'),
  ];
}

function sentence(tags: readonly string[], what: string): readonly string[] {
  return tags.length === 0 ? [] : [`  ${what}: ${tags.join(', ')}`];
}

function nameOf({ image, tag }: TagMove): string {
  return `${image}:${tag}`;
}
