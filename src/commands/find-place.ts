import { AffectedError } from '../errors.ts';
import { openOrigin } from '../git/origin.ts';
import { type PlaceOnBranch, placeOnBranch } from '../git/place-on-branch.ts';
import type { CommandOptions } from '../run.ts';

/** Where a commit stands on the branch of this pipeline; certain for the commits that it matters of. */
export type FindPlace = (
  commit: string,
  asked: ReadonlySet<string>,
) => Promise<PlaceOnBranch & { branch: string }>;

/** For everything that origin is asked. */
const BUDGET_MS = 120_000;

/**
 * Asks origin for the branch as it is now: a newer pipeline may have come and gone since this one began.
 *
 * @throws AffectedError `unknown-order` where it can't be known, so that nothing may move.
 */
export function findPlaceIn(
  { location, surroundings }: Pick<CommandOptions, 'location' | 'surroundings'>,
  say: (line: string) => void,
): FindPlace {
  return async (commit, asked) => {
    const branch = surroundings.env['CI_COMMIT_BRANCH'];
    if (!branch) throw unknown('the branch', 'CI_COMMIT_BRANCH is not set');
    const { repository } = await location.catch((cause: unknown) => {
      if (cause instanceof AffectedError) throw unknown(branch, cause.message.replace(/\.$/, ''), cause);
      throw cause;
    });
    const origin = openOrigin({ root: repository.root, budgetMs: BUDGET_MS, say });
    const place = await placeOnBranch({ repository, commit, branch, origin, asked });
    if (!place.ok) throw unknown(branch, place.detail);
    return { ...place.value, branch };
  };
}

function unknown(branch: string, detail: string, cause?: unknown): AffectedError {
  return new AffectedError(
    'unknown-order',
    `no tag was moved: whether a newer commit of ${branch} is published can't be known: ${detail}. Run the job again when it can.`,
    { cause },
  );
}
