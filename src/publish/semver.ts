/** A version (SemVer 2.0.0). Numbers are kept as digits: they may be of any length. */
export interface Version {
  major: string;
  minor: string;
  patch: string;
  /** Identifiers of a pre-release; none of a release. */
  preRelease: readonly string[];
}

/** Reads a version; `undefined` where it is none, or has build metadata (`+`), which no image tag can hold. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch, preRelease] = VERSION.exec(text) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  return { major, minor, patch, preRelease: preRelease?.split('.') ?? [] };
}

const NUMBER = String.raw`(0|[1-9]\d*)`;
const IDENTIFIER = String.raw`(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)`;
const VERSION = new RegExp(
  String.raw`^${NUMBER}\.${NUMBER}\.${NUMBER}(?:-(${IDENTIFIER}(?:\.${IDENTIFIER})*))?$`,
);

/** Which of two versions has precedence (SemVer 2.0.0, 11): negative, zero or positive, as for `sort`. */
export function compareVersions(one: Version, other: Version): number {
  return (
    compareNumbers(one.major, other.major) ||
    compareNumbers(one.minor, other.minor) ||
    compareNumbers(one.patch, other.patch) ||
    comparePreReleases(one.preRelease, other.preRelease)
  );
}

function comparePreReleases(one: readonly string[], other: readonly string[]): number {
  // A release comes after its pre-releases.
  if (one.length === 0 || other.length === 0) return other.length - one.length;
  for (const [index, identifier] of one.entries()) {
    const against = other[index];
    if (against === undefined) return 1;
    const order = compareIdentifiers(identifier, against);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

function compareIdentifiers(one: string, other: string): number {
  const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
  if (isNumber && isOtherNumber) return compareNumbers(one, other);
  if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
  return one === other ? 0 : one < other ? -1 : 1;
}

function compareNumbers(one: string, other: string): number {
  if (one.length !== other.length) return one.length - other.length;
  return one === other ? 0 : one < other ? -1 : 1;
}
