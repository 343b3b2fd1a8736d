import { AffectedError } from '../errors.ts';
import { displayDirectory, type Image } from '../images/image.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import type { Barrier } from './barriers.ts';
import { buildJobName } from './job-names.ts';

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
  /** … or, for an image this pipeline does not build, the published one, which this job sets itself. */
  published: string | undefined;
}

/** One image to build: plain data, in GitLab's words but without its syntax. */
export interface BuildJob {
  name: string;
  image: Image;
  template: string;
  /** Jobs that must have succeeded, by name: builds, and barriers. */
  needs: readonly string[];
  /** Jobs of its own before it, which wait for more builds. */
  barriers: readonly Barrier[];
  /** `<registry>/<repository>:<tag>`, GitLab's variables unexpanded. */
  destinations: readonly string[];
  /** `<registry>/<repository>`, to which the digest is added for dependents. */
  repository: string;
  buildArgs: readonly BuildArg[];
  handovers: readonly Handover[];
  /** The dotenv variable under which this job hands over what it built. */
  variable: string;
}

export interface BuildArg {
  name: string;
  value: string;
  /** Whether GitLab expands variables in the value; user data never is expanded. */
  expand: boolean;
}

export function buildJob(options: {
  resolved: ResolvedImage;
  /** Names of the images this pipeline builds. */
  built: ReadonlySet<string>;
  registry: string;
  tags: readonly string[];
  /** All images of the head. */
  images: ReadonlyMap<string, ResolvedImage>;
  variables: ReadonlyMap<string, string>;
  dockerfileText: string;
}): BuildJob {
  const { resolved, built, registry, tags } = options;
  const { image } = resolved;
  const bases = resolved.dependencies.filter((dependency) => built.has(dependency.image));
  const repository = `${registry}/${image.repository}`;
  return {
    name: buildJobName(image.name),
    image,
    template: image.template,
    needs: [...new Set(bases.map((base) => base.image))].sort().map(buildJobName),
    barriers: [],
    destinations: tags.map((tag) => `${repository}:${tag}`),
    repository,
    buildArgs: buildArgs(resolved, registry),
    handovers: handovers(options),
    variable: options.variables.get(image.name) as string,
  };
}

/** The arguments that count, and GitLab's own registry prefix where the build takes it. */
function buildArgs({ image, takesRegistry }: ResolvedImage, registry: string): BuildArg[] {
  // Our own registry prefix means in an argument what it means in `registry`; everything else is data.
  const isRegistry = (value: string) =>
    /^(?:\/[\w./-]+)?$/.test(value.slice(registry.length)) && value.startsWith(registry);
  const configured = Object.entries(image.args).map(([name, value]) => ({
    name,
    value,
    expand: isRegistry(value),
  }));
  if (!takesRegistry || Object.hasOwn(image.args, 'CI_REGISTRY_IMAGE')) return configured;
  return [{ name: 'CI_REGISTRY_IMAGE', value: registry, expand: true }, ...configured];
}

/**
 * The places where the Dockerfile must name another image than it does. Later places first, so that replacing one does
 * not move the next.
 *
 * @throws AffectedError `handover` for a base that only an inherited ONBUILD names: no line of this Dockerfile could
 *   be given its digest, and building from the published image instead would be silently wrong.
 */
function handovers(options: {
  resolved: ResolvedImage;
  built: ReadonlySet<string>;
  registry: string;
  images: ReadonlyMap<string, ResolvedImage>;
  dockerfileText: string;
  variables: ReadonlyMap<string, string>;
}): Handover[] {
  const { resolved, built, registry, variables } = options;
  const repositoryOf = (name: string) => options.images.get(name)?.image.repository ?? name;
  const lines = options.dockerfileText.split('\n');
  const found = resolved.dependencies.filter(({ image, bare }) => built.has(image) || bare !== undefined);
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
            published: `${registry}/${repositoryOf(image)}${bare}`,
          }),
    }));
}

/**
 * A dotenv variable for each image: `AFFECTED_IMAGE_<NAME>`. Names that differ only in punctuation get a number,
 * in the order of all images, so that a variable does not depend on which images are affected.
 */
export function handoverVariables(images: Iterable<string>): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  const variables = new Map<string, string>();
  for (const image of [...images].sort()) {
    const plain = `AFFECTED_IMAGE_${image.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}`;
    let variable = plain;
    for (let number = 2; taken.has(variable); number++) variable = `${plain}_${number}`;
    taken.add(variable);
    variables.set(image, variable);
  }
  return variables;
}

/** Where the job finds its files, below the project directory. */
export function jobPaths(image: Image): { context: string; dockerfile: string } {
  return { context: displayDirectory(image.context), dockerfile: image.dockerfile };
}
