import * as z from 'zod/mini';
import { AffectedError } from '../errors.ts';
import { type ImagePublication, readImagePublication } from './image-publication.ts';
import { type Complaint, complaintOf, imageShape, textLike, unexpected } from './image-shape.ts';

/** What a pipeline leaves to be published after it, by one job. */
export interface PublishPlan {
  /** Id of the pipeline that generated it. */
  pipeline: string;
  commit: string;
  /** `keyless`: each image is signed with the job's own identity before any tag moves. */
  sign: 'keyless' | undefined;
  /** In build order. */
  images: readonly ImagePublication[];
}

const shape = z.strictObject(
  {
    version: z.literal(1, { error: 'has to be 1: another version of affected wrote this plan' }),
    pipeline: textLike('[0-9]+', "is no pipeline's id"),
    commit: textLike('[0-9a-f]{40}|[0-9a-f]{64}', "is no commit's id"),
    sign: z.optional(z.literal('keyless', { error: 'has to be "keyless"' })),
    images: z.array(imageShape, { error: 'is no list' }),
  },
  { error: unexpected },
);

/**
 * Reads a plan, as JSON.
 *
 * @throws AffectedError `publish-plan`, naming the file and the key.
 */
export function parsePublishPlan(text: string, file: string): PublishPlan {
  const json = jsonOf(text, file);
  const parsed = shape.safeParse(json);
  if (!parsed.success) throw wrong(file, complaintOf(parsed.error, json));
  const { pipeline, commit, sign } = parsed.data;
  const images = parsed.data.images.map((one, index) => {
    const { image, complaint } = readImagePublication(one);
    if (complaint) throw wrong(file, inImage(index, complaint));
    if (image.marker === undefined || image.marker.commit === commit) return image;
    throw wrong(file, inImage(index, { path: ['marker'], message: `is not of commit ${commit}` }));
  });
  checkTags(images, file);
  return { pipeline, commit, sign, images };
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AffectedError('publish-plan', `${file} is no JSON: ${(cause as Error).message}.`, { cause });
  }
}

/** Variants share a repository, but no tag. */
function checkTags(images: readonly ImagePublication[], file: string): void {
  const seen = new Map<string, string>();
  for (const [index, { name, repository, tags, branchTags, versionTags, marker }] of images.entries()) {
    for (const tag of [...tags, ...branchTags, ...versionTags.map((one) => one.tag), marker?.tag]) {
      if (tag === undefined) continue;
      const other = seen.get(`${repository}:${tag}`);
      if (other !== undefined) {
        throw wrong(file, inImage(index, { path: [], message: `puts ${tag}, as ${other} does` }));
      }
      seen.set(`${repository}:${tag}`, name);
    }
  }
}

function inImage(index: number, { path, message }: Complaint): Complaint {
  return { path: ['images', index, ...path], message };
}

function wrong(file: string, { path, message }: Complaint): AffectedError {
  const key = path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text && '.'}${String(part)}`),
    '',
  );
  return new AffectedError(
    'publish-plan',
    `${file}: ${key === '' ? 'the plan' : key} ${message}: generate it again.`,
  );
}
