/** The version that a Git tag is named after. */
export interface Release {
  /** As in `1.2.3` or `1.3.0-rc.1`. */
  version: string;
  major: string;
  minor: string;
  isPrerelease: boolean;
  /** What stands behind a `+`, which neither orders versions nor can be in an image tag. */
  build: string | undefined;
}

const NUMBER = '(?:0|[1-9][0-9]*)';
const IDENTIFIER = String.raw`(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const PRERELEASE = String.raw`${IDENTIFIER}(?:\.${IDENTIFIER})*`;

/** The grammar of versions that an image tag can hold, and of their numbers (Semantic Versioning 2.0.0, clauses 2 and 9). */
export const VERSION_GRAMMAR = {
  version: `${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${PRERELEASE})?`,
  number: NUMBER,
};

const RELEASE = new RegExp(
  String.raw`^v?((${NUMBER})\.(${NUMBER})\.${NUMBER}(-${PRERELEASE})?)(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$`,
);

/** Reads `v1.2.3` and `1.2.3`; undefined for a Git tag that is no version by Semantic Versioning 2.0.0. */
export function releaseOf(gitTag: string): Release | undefined {
  const [, version, major, minor, prerelease, build] = RELEASE.exec(gitTag) ?? [];
  if (version === undefined || major === undefined || minor === undefined) return undefined;
  return { version, major, minor, isPrerelease: prerelease !== undefined, build };
}
