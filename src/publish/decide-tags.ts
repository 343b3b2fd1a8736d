import type { ImagePublication } from './image-publication.ts';
import { type Marker, publishedCommits } from './marker.ts';
import { whyVersionTagStays } from './version-tags.ts';

/** The order in which tags are put: what older commits look for comes first, what people pull last. */
export const PHASES = ['marker', 'fixed', 'moving'] as const;

export interface TagDecision {
  tag: string;
  phase: (typeof PHASES)[number];
  /** Why it stays where it is; `undefined` where it is put on the image. */
  stays: string | undefined;
}

/** What a repository and the branch's history say. */
export interface Circumstances {
  /** All tags of the repository. */
  existing: readonly string[];
  /** Where the image's commit stands on its branch; `undefined` only where no tag follows it. */
  place: { branch: string; onBranch: boolean; newer: readonly string[] } | undefined;
}

/**
 * Decides about each tag of an image, in the order in which they are put: the marker, by which older commits see that this
 * one was here; tags that are put always; those that move. What a newer commit of the branch published is never replaced,
 * nor what a higher version did.
 */
export function decideTags(image: ImagePublication, circumstances: Circumstances): readonly TagDecision[] {
  const { existing, place } = circumstances;
  const { marker, tags, branchTags, version, versionTags } = image;
  const behind = marker && place && whyBranchTagsStay(marker, existing, place);
  return [
    ...(marker === undefined ? [] : [{ tag: marker.tag, phase: 'marker' as const, stays: undefined }]),
    ...tags.map((tag) => ({ tag, phase: 'fixed' as const, stays: undefined })),
    ...branchTags.map((tag) => ({ tag, phase: 'moving' as const, stays: behind })),
    ...versionTags.map((versionTag) => ({
      tag: versionTag.tag,
      phase: 'moving' as const,
      stays: whyVersionTagStays(versionTag, { release: version as string, existing }),
    })),
  ];
}

function whyBranchTagsStay(
  marker: Marker,
  existing: readonly string[],
  { branch, onBranch, newer }: NonNullable<Circumstances['place']>,
): string | undefined {
  const published = publishedCommits(existing, marker);
  const overtaking = newer.find((commit) => published.has(commit));
  if (overtaking !== undefined) return `${overtaking.slice(0, 8)} is newer and published`;
  return onBranch ? undefined : `${marker.commit.slice(0, 8)} is no longer on ${branch}`;
}
