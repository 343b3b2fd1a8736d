import type { Publication } from '../gitlab/environment.ts';
import { checkTag } from './names.ts';

/**
 * The tags an image is pushed under, with GitLab's variables left for the job to expand.
 *
 * Only the default branch and Git tags move published tags. Everything else pushes candidates whose prefix no
 * published tag has: a branch may be called `latest`, so its bare slug would not be safe.
 *
 * @throws AffectedError `tag-name` for a Git tag that can't be an image tag.
 */
export function tagsFor(publication: Publication): readonly string[] {
  switch (publication.kind) {
    case 'merge-request':
      return ['mr-$CI_MERGE_REQUEST_IID', 'mr-$CI_MERGE_REQUEST_IID-$CI_COMMIT_SHORT_SHA'];
    case 'default-branch':
      return ['latest', '$CI_COMMIT_SHORT_SHA'];
    case 'branch':
      return ['branch-$CI_COMMIT_REF_SLUG', 'branch-$CI_COMMIT_REF_SLUG-$CI_COMMIT_SHORT_SHA'];
    case 'tag':
      return [checkTag(publication.tag)];
    case 'local':
      return ['candidate-$CI_COMMIT_SHORT_SHA'];
  }
}
