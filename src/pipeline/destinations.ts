import type { Publication } from '../gitlab/publication.ts';
import type { Image } from '../images/image.ts';
import { checkTag } from './names.ts';

/**
 * The tag under which what one pipeline built is found, by later waves of it and by the job that publishes. Nothing but the
 * pipelines below that one push it: a local candidate has the digits of a commit in its place.
 *
 * @param pipeline the id of the pipeline above.
 */
export function candidateTag(pipeline: string, variant: string | undefined): string {
  return `candidate-pipeline-${pipeline}${variant === undefined ? '' : `_${variant}`}`;
}

/** The tag that says the same of what it has published. */
export function releasedTag(pipeline: string, variant: string | undefined): string {
  return candidateTag(`${pipeline}-released`, variant);
}

/**
 * The tags an image is pushed under, with GitLab's variables left for the job to expand.
 *
 * Only the default branch and Git tags move published tags. Everything else pushes candidates whose prefix no
 * published tag has: a branch may be called `latest`, so its bare slug would not be safe. A variant's name comes last,
 * behind a `_`, which no slug holds: so no two branches push the same tag.
 *
 * @throws AffectedError `tag-name` for a Git tag that can't be an image tag.
 */
export function tagsFor(
  publication: Publication,
  { variant, tags }: Pick<Image, 'variant' | 'tags'>,
): readonly string[] {
  // In braces, or the `_` would go on with the variable's name.
  const ending = (variable: string) =>
    variant === undefined ? `$${variable}` : `\${${variable}}_${variant}`;
  switch (publication.kind) {
    case 'merge-request':
      return [
        `mr-${ending('CI_MERGE_REQUEST_IID')}`,
        `mr-$CI_MERGE_REQUEST_IID-${ending('CI_COMMIT_SHORT_SHA')}`,
      ];
    case 'default-branch':
      return variant === undefined
        ? ['latest', '$CI_COMMIT_SHORT_SHA']
        : [...tags, `${variant}-$CI_COMMIT_SHORT_SHA`];
    case 'branch':
      return [
        `branch-${ending('CI_COMMIT_REF_SLUG')}`,
        `branch-$CI_COMMIT_REF_SLUG-${ending('CI_COMMIT_SHORT_SHA')}`,
      ];
    case 'tag':
      return [checkTag(publication.tag, variant)];
    case 'local':
      return [`candidate-${ending('CI_COMMIT_SHORT_SHA')}`];
  }
}
