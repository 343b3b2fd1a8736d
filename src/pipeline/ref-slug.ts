/**
 * What GitLab makes of a branch's or tag's name in CI_COMMIT_REF_SLUG: lower case, everything but 0-9 and a-z replaced by
 * `-`, at most 63 bytes, no `-` at either end (lib/gitlab/utils.rb, slugify). Empty for a name without any of these.
 */
export function refSlug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/gu, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
}
