/** What a tag `commit-<id>` or `commit-<id>_<variant>` says: that this commit's image was published on its branch. */
export interface Marker {
  tag: string;
  commit: string;
  /** `_<variant>`, or nothing. */
  ending: string;
}

export function parseMarker(tag: string): Marker | undefined {
  const [, commit, ending] = /^commit-([0-9a-f]{40}|[0-9a-f]{64})((?:_.+)?)$/.exec(tag) ?? [];
  return commit === undefined || ending === undefined ? undefined : { tag, commit, ending };
}

/** The commits whose images were published, of the same variant as that of a marker. */
export function publishedCommits(
  existing: readonly string[],
  { ending }: Pick<Marker, 'ending'>,
): ReadonlySet<string> {
  const markers = existing.map(parseMarker);
  return new Set(markers.flatMap((found) => (found?.ending === ending ? [found.commit] : [])));
}
