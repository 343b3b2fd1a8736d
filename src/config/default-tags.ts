/** The tags that images get where `tags` in `affected.yml` says nothing else; `src/config/tags.ts` says what they mean. */
export const defaultTags = {
  mergeRequest: ['mr-{iid}', 'mr-{iid}-{sha}'],
  branch: ['branch-{branch}', 'branch-{branch}-{sha}'],
  defaultBranch: ['latest', '{branch}', '{sha}', '{component}'],
  release: ['{tag}', '{version}', '{major}.{minor}', '{major}'],
};
