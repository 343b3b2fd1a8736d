import { compareVersions, parseVersion, type Version } from './semver.ts';

/** A tag that moves to higher versions only, as `1.2` does from 1.2.3 to 1.2.4. */
export interface VersionTag {
  tag: string;
  /** Whose versions it stands for: those that begin like this release does, in so many parts; 0: all of them. */
  parts: 0 | 1 | 2;
  /** What stands behind the versions of a variant, such as `-slim`. */
  ending: string;
}

/**
 * Reads a tag that moves with the versions of a line: `<tag>` or, where the two differ, `<tag>=<line>`. Of the release
 * 1.2.3 the lines are `1.2`, `1` and `latest`, a variant's with its ending: `1.2-slim`.
 *
 * @returns undefined where it names no line of this release.
 */
export function parseVersionTag(text: string, release: string): VersionTag | undefined {
  const version = parseVersion(release);
  const [tag = '', line = tag] = text.split('=');
  if (version === undefined) return undefined;
  const { major, minor } = version;
  const names = [
    ['latest', 0],
    [major, 1],
    [`${major}.${minor}`, 2],
  ] as const;
  for (const [name, parts] of names) {
    const ending = line.slice(name.length);
    if (line.startsWith(name) && (ending === '' || ending.startsWith('-'))) return { tag, parts, ending };
  }
  return undefined;
}

/**
 * Why a tag stays where it is: the highest release of its line that is not this one; or that this one is none. `undefined`
 * where it moves.
 *
 * @param options.existing all tags of the repository: releases are known by theirs, `1.2.3` or `v1.2.3` and the ending.
 */
export function whyVersionTagStays(
  { parts, ending }: VersionTag,
  options: { release: string; existing: readonly string[] },
): string | undefined {
  const { release, existing } = options;
  const own = parseVersion(release) as Version;
  if (own.preRelease.length > 0) return `${release} is a pre-release`;
  let highest: { name: string; version: Version } | undefined;
  for (const tag of existing) {
    if (!tag.endsWith(ending)) continue;
    const name = tag.slice(0, tag.length - ending.length).replace(/^v/, '');
    const version = parseVersion(name);
    if (version === undefined || version.preRelease.length > 0 || !isOfLine(version, own, parts)) continue;
    if (compareVersions(version, highest?.version ?? own) > 0) highest = { name, version };
  }
  return highest && `${highest.name} is higher`;
}

function isOfLine(version: Version, own: Version, parts: VersionTag['parts']): boolean {
  return (parts < 1 || version.major === own.major) && (parts < 2 || version.minor === own.minor);
}
