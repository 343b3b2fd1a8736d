import { AffectedError } from '../errors.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { candidateTag } from './candidate-tags.ts';

/** A base image built in the same pipeline, or one named without the registry, and where the Dockerfile names it. */
export interface Handover {
  image: string;
  /** 1-based line, and 1-based byte column of `word` in it. */
  line: number;
  column: number;
  /** The reference as the Dockerfile writes it. */
  word: string;
  /** The variable that holds what is put there: `<registry>/<repository>@<digest>` from the base image's job, … */
  variable: string;
  /** … or, for an image this pipeline does not build, the one in the registry, which this job sets itself. */
  published: string | undefined;
}

/** The part of the images that one of several pipelines builds, each after the one before. */
export interface Wave {
  /** Names of the images of the waves before. */
  earlier: ReadonlySet<string>;
  /** Names of those that images of later waves are built from. */
  handedOn: ReadonlySet<string>;
  /** The id of the pipeline above them all. */
  pipeline: string;
}

/**
 * The places where the Dockerfile must name another image than it does. Later places first, so that replacing one does
 * not move the next.
 *
 * @throws AffectedError `handover` for a base that only an inherited ONBUILD names: no line of this Dockerfile could
 *   be given its digest, and building from the published image instead would be silently wrong.
 */
export function handovers(options: {
  resolved: ResolvedImage;
  built: ReadonlySet<string>;
  wave: Wave | undefined;
  /** Of images that no pipeline of this plan builds: the digest of the published one, by name. */
  digests: ReadonlyMap<string, string>;
  registry: string;
  images: ReadonlyMap<string, ResolvedImage>;
  dockerfileText: string;
  variables: ReadonlyMap<string, string>;
}): Handover[] {
  const { resolved, built, registry, variables, wave, digests } = options;
  const isEarlier = (name: string) => wave?.earlier.has(name) === true;
  const lines = options.dockerfileText.split('\n');
  const found = resolved.dependencies.filter(
    ({ image, bare, viaTrigger }) =>
      built.has(image) || isEarlier(image) || bare !== undefined || (digests.has(image) && !viaTrigger),
  );
  const triggered = found.find(({ viaTrigger }) => viaTrigger);
  if (triggered) {
    throw new AffectedError(
      'handover',
      `${resolved.image.dockerfile}:${triggered.line}: an ONBUILD of its base image takes files from "${triggered.image}", which has to be given by its full name; an inherited reference can't be, so copy from "${triggered.image}" in this Dockerfile instead`,
    );
  }
  const apart = found.find(({ line, column, word }) => !lines[line - 1]?.startsWith(word, column - 1));
  if (apart && options.dockerfileText !== '') {
    throw new AffectedError(
      'handover',
      `${resolved.image.dockerfile}:${apart.line}: "${apart.word}" has to be replaced by what this pipeline builds, but is not written in one piece; put the reference on one line, without quotes and escapes in it`,
    );
  }
  return found
    .toSorted((a, b) => b.line - a.line || b.column - a.column)
    .map(({ image, word, line, column, bare = '' }, index) => ({
      image,
      line,
      column: Buffer.byteLength((lines[line - 1] ?? '').slice(0, column - 1)) + 1,
      word,
      ...(built.has(image)
        ? { variable: variables.get(image) as string, published: undefined }
        : {
            variable: `AFFECTED_PUBLISHED_${index + 1}`,
            published: `${registry}/${publishedName(image, { ...options, bare })}`,
          }),
    }));
}

/** The digest that is known; of an earlier wave's image the tag that only this pipeline pushes; or what the Dockerfile asks for. */
function publishedName(
  name: string,
  options: {
    images: ReadonlyMap<string, ResolvedImage>;
    wave: Wave | undefined;
    digests: ReadonlyMap<string, string>;
    bare: string;
  },
): string {
  const { images, wave, digests, bare } = options;
  const image = images.get(name)?.image;
  const repository = image?.repository ?? name;
  if (digests.has(name)) return `${repository}@${digests.get(name)}`;
  if (wave?.earlier.has(name)) return `${repository}:${candidateTag(wave.pipeline, image?.variant)}`;
  return `${repository}${bare}`;
}
