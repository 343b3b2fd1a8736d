import type { Complaint, ImageShape } from './image-shape.ts';
import { type Marker, parseMarker } from './marker.ts';
import { parseVersion } from './semver.ts';
import { parseVersionTag, type VersionTag } from './version-tags.ts';

/** What is to be published of one image, all inside one repository. */
export interface ImagePublication {
  /** For people. */
  name: string;
  /** `<registry>/<repository>` */
  repository: string;
  /** Its digest, or the tag under which it is found. */
  source: string;
  /** Put always. */
  tags: readonly string[];
  /** Follow the branch: on the newest commit's image. */
  branchTags: readonly string[];
  /** The release, `1.2.3` or `1.3.0-rc.1`; always where there are `versionTags`. */
  version: string | undefined;
  /** Move to higher versions only. */
  versionTags: readonly VersionTag[];
  /** Always where there are `branchTags`. */
  marker: Marker | undefined;
  /** What must have been published before: of other pipelines, no job can be waited for. */
  after: readonly { repository: string; tag: string }[];
}

type Read = { image: ImagePublication; complaint?: undefined } | { image?: undefined; complaint: Complaint };

/** Reads what one image is to be published as; or the first thing that is wrong with it. */
export function readImagePublication(shape: ImageShape): Read {
  const { name, repository, digest, candidate, version } = shape;
  const { tags = [], branchTags = [], versionTags: lines = [] } = shape;
  const source = digest ?? candidate;
  if (source === undefined || (digest !== undefined && candidate !== undefined)) {
    return complain('has to be there, or else the tag of a candidate', 'digest');
  }
  const marker = shape.marker === undefined ? undefined : parseMarker(shape.marker);
  if (marker === undefined && shape.marker !== undefined) {
    return complain(`${JSON.stringify(shape.marker)} is no commit-<id>`, 'marker');
  }
  if (marker === undefined && branchTags.length > 0) {
    return complain('is missing: where tags follow a branch it says for which commit', 'marker');
  }
  if (version !== undefined && parseVersion(version) === undefined) {
    return complain(`${JSON.stringify(version)} is no version such as 1.2.3 or 1.3.0-rc.1`, 'version');
  }
  if (version === undefined && lines.length > 0) {
    return complain('is missing: there are tags that move with versions', 'version');
  }
  const parsed = lines.map((line) => parseVersionTag(line, version as string));
  const versionTags = parsed.filter((line) => line !== undefined);
  if (versionTags.length < lines.length) {
    const index = parsed.indexOf(undefined);
    const what = `${JSON.stringify(lines[index])} stands for no line of versions that ${version} belongs to`;
    return complain(what, 'versionTags', index);
  }
  const after = (shape.after ?? []).map((reference) => {
    const end = reference.lastIndexOf(':');
    return { repository: reference.slice(0, end), tag: reference.slice(end + 1) };
  });
  const image = { name, repository, source, tags, branchTags, version, versionTags, marker, after };
  const twice = namedTwice(image);
  return twice === undefined ? { image } : { complaint: twice };
}

function namedTwice({
  tags,
  branchTags,
  versionTags,
  marker,
}: Omit<ImagePublication, 'source' | 'after'>): Complaint | undefined {
  const all: (readonly [string, ...PropertyKey[]])[] = [
    ...(marker === undefined ? [] : [[marker.tag, 'marker'] as const]),
    ...tags.map((tag, index) => [tag, 'tags', index] as const),
    ...branchTags.map((tag, index) => [tag, 'branchTags', index] as const),
    ...versionTags.map(({ tag }, index) => [tag, 'versionTags', index] as const),
  ];
  const names = all.map(([tag]) => tag);
  const [tag, ...path] = all.find(([one], index) => names.indexOf(one) < index) ?? [];
  if (tag !== undefined) return { path, message: `${JSON.stringify(tag)} is named twice` };
  return all.length === 0 ? { path: ['tags'], message: 'is missing: there is no tag to put' } : undefined;
}

function complain(message: string, ...path: PropertyKey[]): { complaint: Complaint } {
  return { complaint: { path, message } };
}
