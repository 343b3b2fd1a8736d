import type { Config } from '../config/schema.ts';
import type { ContextSource, ImageReference } from '../dockerfile/evaluate.ts';
import { withCountedArgs } from './build-args.ts';
import { declaredGlobsIn } from './declared-globs.ts';
import type { Dependency, Image, Widening } from './image.ts';
import { imageInputs } from './image-inputs.ts';
import type { ImageInputs } from './inputs.ts';
import { keyedInputsOf } from './keyed-inputs.ts';
import { followLinks } from './links.ts';
import { selfAndAncestors } from './paths.ts';
import { readIgnoreFile } from './read-ignore-file.ts';
import { type Reading, readDockerfiles } from './readings.ts';
import { runWhereNeeded } from './run-where-needed.ts';
import { compileReferences, type ResolvedReference } from './references.ts';
import type { IgnoreFileChoice, Snapshot } from './snapshot.ts';
import { unreadable } from './unreadable.ts';

/** An image with everything that can change it: its inputs and the images of this repository it is built from. */
export interface ResolvedImage {
  image: Image;
  dependencies: readonly Dependency[];
  inputs: ImageInputs;
  /** What could not be known about this image; each makes it affected on every run. */
  widenings: readonly Widening[];
  /** Sources that count as the whole context because they can't be known: told where the image is affected. */
  unknownSources: readonly Widening[];
  /** What its target stage is built on: an image of this repository or a reference to another; else undefined. */
  base: { image: string } | { reference: string } | undefined;
  /** References to images of somebody else, with the line that names them. */
  external: readonly { reference: string; line: number }[];
  /** Indexes of the build stages that its target can do without. */
  unneededStages: readonly number[];
  /** Whether the build takes GitLab's own registry prefix as a build arg. */
  takesRegistry: boolean;
}

/** A file of the repository that can't be used as it is: `<path>:<line>:<column>: <what is wrong>`. */
export interface Problem {
  image: string;
  code: 'dockerfile' | 'ignore-file' | 'args-file';
  message: string;
}

export interface ResolvedImages {
  images: ReadonlyMap<string, ResolvedImage>;
  problems: readonly Problem[];
}

/** What references mean among a set of images. */
export interface Meanings {
  resolveReference: (reference: ImageReference) => ResolvedReference;
  /** The image of this repository that is meant. */
  findImage: (reference: ImageReference) => Image | undefined;
}

export function compileMeanings(images: readonly Image[], config: Config): Meanings {
  const resolveReference = compileReferences({ images, config });
  const byName = new Map(images.map((image) => [image.name, image]));
  const findImage = (reference: ImageReference) => {
    const resolved = resolveReference(reference);
    return resolved.kind === 'image' ? byName.get(resolved.image) : undefined;
  };
  return { resolveReference, findImage };
}

/**
 * Reads every image's Dockerfile and ignore file into dependencies and inputs.
 *
 * @param options.snapshot must hold the texts of the tree's links and of `neededFiles`; a missing one widens its image.
 * @param options.isRead says which of the ignore files that is so of; of all when absent.
 * @param options.meanings of the images that a reference may mean; of `images` when absent.
 * @returns all images of `options.images` in their order; one with a problem has no sources.
 */
export function resolveImages(options: {
  snapshot: Snapshot;
  images: readonly Image[];
  meanings?: Meanings;
  config: Config;
  isRead?: IgnoreFileChoice | undefined;
}): ResolvedImages {
  const { snapshot, images, config, isRead } = options;
  const { resolveReference, findImage } = options.meanings ?? compileMeanings(images, config);
  const readings = readDockerfiles({ snapshot, images, config, findImage });
  const { links } = snapshot.tree;
  const holdsLinks = new Set(links.flatMap((link) => [...selfAndAncestors(link)]));
  const globs = declaredGlobsIn(snapshot);
  const referencesOf = referenceResolver(resolveReference);
  const problems: Problem[] = [];
  const resolved = images.map((image): [string, ResolvedImage] => {
    const reading = readings.get(image.name) as Reading;
    const { path: context, links: contextLinks } = followLinks(snapshot, image.context);
    const read = runWhereNeeded(reading, holdsLinks.has(context ?? image.context));
    if (read.broken) problems.push({ image: image.name, code: 'dockerfile', message: read.broken.message });
    const { ignoreFile, widening, problem } = readIgnoreFile(snapshot, image, isRead);
    if (problem) problems.push(problem);
    const declared = reading.kind === 'read' ? reading.says.declared : undefined;
    const { dependencies, external, widenings, base } = referencesOf(image, read);
    const inputs = imageInputs({
      snapshot,
      image,
      context: context ?? image.context,
      contextLinks,
      sources: read.sources,
      foreseen: read.foreseen,
      ignoreFile,
      rules: config.dockerignore,
      declared: image.inputs.map(globs),
      keyed: keyedInputsOf(image, globs),
    });
    return [
      image.name,
      {
        image: withCountedArgs(image, declared),
        dependencies,
        external,
        base,
        inputs,
        widenings: [
          ...(reading.kind === 'unreadable' ? [unreadable(image, image.dockerfile)] : NONE),
          ...(context === undefined ? [unreadable(image, image.context)] : NONE),
          ...(widening ? [widening] : NONE),
          ...widenings,
          ...(read.foreseen === undefined ? unreadableLinks(image, inputs) : NONE),
        ],
        unknownSources: read.foreseen === undefined ? unknownSources(image, read.sources()) : NONE,
        unneededStages: read.unneeded,
        takesRegistry: declared !== undefined && (declared.any || declared.names.has('CI_REGISTRY_IMAGE')),
      },
    ];
  });
  return { images: new Map(resolved), problems };
}

const NONE: readonly Widening[] = [];

type References = Pick<ResolvedImage, 'dependencies' | 'external' | 'widenings' | 'base'>;
type Named = Pick<ReturnType<typeof runWhereNeeded>, 'references' | 'base'>;
type Resolve = (reference: ImageReference) => ResolvedReference;

/** Images that share an outline share what its references mean, but for one that names itself or what is not known. */
function referenceResolver(resolve: Resolve): (image: Image, named: Named) => References {
  const known = new Map<readonly ImageReference[], References>();
  return (image, named) => {
    const { references } = named;
    const shared = known.get(references);
    if (shared && !shared.dependencies.some((dependency) => dependency.image === image.name)) return shared;
    const own = resolveReferences(image, named, resolve);
    if (own.dependencies.length + own.external.length === references.length) known.set(references, own);
    return own;
  };
}

function resolveReferences(image: Image, named: Named, resolve: Resolve): References {
  const dependencies: Dependency[] = [];
  const external: { reference: string; line: number }[] = [];
  const widenings: Widening[] = [];
  let base: ResolvedImage['base'];
  for (const reference of named.references) {
    const { instruction, word, line, column, viaTrigger } = reference;
    const resolved = resolve(reference);
    if (resolved.kind === 'unknown') {
      const detail = `${image.dockerfile}:${line}: ${resolved.detail}`;
      widenings.push({ scope: 'image', image: image.name, code: resolved.code, detail });
    } else if (resolved.kind === 'external') {
      external.push({ reference: reference.reference, line });
      if (reference === named.base) base = { reference: reference.reference };
    } else if (resolved.image !== image.name) {
      // An image that names itself builds on what was published before.
      const { image: needed, bare } = resolved;
      dependencies.push({ image: needed, instruction, word, line, column, viaTrigger, bare });
      if (reference === named.base) base = { image: needed };
    }
  }
  return { dependencies, external, widenings, base };
}

/** Each source is told once, however many instructions name it on a line. */
function unknownSources(image: Image, sources: readonly ContextSource[]): Widening[] {
  const found = sources
    .filter(({ unset }) => unset.length > 0)
    .map(({ instruction, source, unset, line }): Widening => ({
      scope: 'image',
      image: image.name,
      code: 'unknown-source',
      detail: `${image.dockerfile}:${line}: ${instruction} source "${source}" depends on $${unset.join(', $')}, which only the base image knows; the whole build context counts as its input`,
    }));
  return [...new Map(found.map((widening) => [widening.detail, widening])).values()];
}

function unreadableLinks(image: Image, { sources }: ImageInputs): Widening[] {
  const links = new Set(sources.flatMap(({ linked }) => linked?.unreadable ?? []));
  return [...links].map((link) => unreadable(image, link));
}
