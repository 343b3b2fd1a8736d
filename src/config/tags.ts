import * as z from 'zod/mini';
import { defaultTags } from './default-tags.ts';
import { buildArgName, candidatePattern, componentPattern, publishedPattern } from './fields.ts';
import { described, listOf, mapping, someOf } from './shapes.ts';

const release = listOf(publishedPattern(['tag', 'version', 'major', 'minor', 'component']), 'tags').check(
  z.check(
    ({ value, issues }) => {
      for (const { index, message } of releaseComplaints(value)) {
        issues.push({ code: 'custom', input: value, path: [index], message });
      }
    },
    { when: ({ value }) => Array.isArray(value) },
  ),
);

/** `tags`: what images are pushed and published under, by the kind of the pipeline. */
export const tags = mapping('write a mapping with mergeRequest, branch, defaultBranch or release', {
  mergeRequest: described(
    z.prefault(someOf(candidatePattern('mr', 'iid'), 'tags'), defaultTags.mergeRequest),
    'Candidates of merge requests: mr-{iid}, and what tells pipelines of one apart behind a "-"; {sha} is the short SHA.',
  ),
  branch: described(
    z.prefault(someOf(candidatePattern('branch', 'branch'), 'tags'), defaultTags.branch),
    'Candidates of other branches: branch-{branch}, whose {branch} is the slug, and what may follow behind "-" or ".", such as {sha}.',
  ),
  defaultBranch: described(
    z.prefault(listOf(publishedPattern(['branch', 'sha', 'component']), 'tags'), defaultTags.defaultBranch),
    'What the default branch publishes. Tags with {sha} (the short SHA) stay; the others follow the branch: {branch} (its slug), {component} (of images that have one) and words such as latest. A variant has its own tags instead of latest, and its name behind all others.',
  ),
  release: described(
    z.prefault(release, defaultTags.release),
    'What a Git tag publishes, of every image: {tag} is the Git tag, {version} the version in it (v1.2.3 or 1.2.3). Tags with neither only move to higher versions, and pre-releases do not move them: {major}.{minor}, {major} and words such as stable.',
  ),
});
export type TagPatterns = z.infer<typeof tags>;

/** `component`: whose version an image is tagged and labelled with. */
export const component = mapping('write a mapping with arg, such as NESSIE_VERSION, and as', {
  arg: described(buildArgName, 'Build arg that holds the version of the software in the image.'),
  as: described(
    z.exactOptional(componentPattern),
    "The tag {component}, in which {value} is the value of the build arg: nessie-{value}. The last part of the image's name before it when absent.",
  ),
});

/** What of a list of patterns could not be published rightly, whatever the Git tag. */
function releaseComplaints(patterns: readonly unknown[]): { index: number; message: string }[] {
  const known = patterns.filter((pattern) => typeof pattern === 'string');
  const isFound = known.includes('{version}') || known.includes('{tag}');
  return patterns.flatMap((pattern, index) => {
    // With {tag} or {version} it stays; what else is in braces has been complained of.
    if (typeof pattern !== 'string' || /\{(?!(?:major|minor|component)\})/.test(pattern)) return [];
    if (pattern.includes('{minor}') && !/\{major\}[^{]*\{minor\}/.test(pattern))
      return [{ index, message: 'a {minor} says nothing without the {major} before it' }];
    if (isFound) return [];
    return [
      {
        index,
        message:
          'it moves to higher versions only, which are found by the tags "{version}" or "{tag}"; add one of them to the list',
      },
    ];
  });
}
