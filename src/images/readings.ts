import type { Config } from '../config/schema.ts';
import {
  type DockerfileOutline,
  type ImageReference,
  type Inherited,
  type Outcome,
  outlineDockerfile,
  planDockerfile,
} from '../dockerfile/evaluate.ts';
import {
  DockerfileError,
  parseDockerfile,
  skimDockerfile,
  type SkimmedDockerfile,
} from '../dockerfile/parse.ts';
import type { Image } from './image.ts';
import { followLinks } from './links.ts';
import type { Snapshot } from './snapshot.ts';

/** What an image's Dockerfile says. */
export type Reading =
  | ReadDockerfile
  /** Its content is not known. */
  | { kind: 'unreadable' }
  | BrokenDockerfile;

export interface ReadDockerfile extends DockerfileOutline {
  kind: 'read';
  /** What the images of this repository say that it is built on, by `keyOf` the reference. */
  bases: ReadonlyMap<string, ReadDockerfile>;
  /** Set by `outcomeOf`. */
  outcome: Outcome | BrokenDockerfile | undefined;
  run: () => Outcome | BrokenDockerfile;
}

/** `<path>:<line>:<column>: <what is wrong>` */
export interface BrokenDockerfile {
  kind: 'broken';
  message: string;
}

/**
 * Reads the Dockerfiles, each after the images of this repository it is built on: what these set with ENV and ONBUILD
 * counts. In a cycle the image that comes first in `images` goes without; the graph's own check reports cycles.
 *
 * @param options.findImage the image of this repository that a reference means.
 */
export function readDockerfiles(options: {
  snapshot: Snapshot;
  images: readonly Image[];
  config: Config;
  findImage: (reference: ImageReference) => Image | undefined;
}): ReadonlyMap<string, Reading> {
  const readings = new Map<string, Reading>();
  const skimmed = new Map<string, SkimmedDockerfile>();
  for (const image of options.images) {
    if (!readings.has(image.name)) readWithBases({ image, readings, skimmed, ...options });
    // Variants share a Dockerfile; of others nothing is kept.
    if (image.variant === undefined) skimmed.clear();
  }
  return readings;
}

/** What the stages read, or what is wrong with them; they run the first time it is asked, after those of the bases. */
export function outcomeOf(reading: ReadDockerfile): Outcome | BrokenDockerfile {
  const stack = [reading];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const waiting = [...top.bases.values()].filter((base) => base.outcome === undefined);
    if (top.outcome === undefined && waiting.length > 0) stack.push(...waiting);
    else {
      top.outcome ??= top.run();
      stack.pop();
    }
  }
  return reading.outcome as Outcome | BrokenDockerfile;
}

/** With a stack of its own: thousands of images built on each other must not exhaust the program's. */
function readWithBases(
  options: Parameters<typeof readDockerfiles>[0] & {
    image: Image;
    readings: Map<string, Reading>;
    skimmed: Map<string, SkimmedDockerfile>;
  },
): void {
  const { snapshot, config, findImage, image, readings, skimmed } = options;
  const begun = new Set<string>();
  const stack = [image];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    begun.add(top.name);
    const missing: Image[] = [];
    const bases = new Map<string, ReadDockerfile>();
    const reading =
      readings.get(top.name) ??
      read({
        image: top,
        snapshot,
        config,
        skimmed,
        bases,
        findBase(reference) {
          const base = findImage(reference);
          const found = base && readings.get(base.name);
          if (base && !found && !begun.has(base.name)) missing.push(base);
          return found?.kind === 'read' ? found : undefined;
        },
      });
    if (missing.length > 0) {
      stack.push(...missing);
    } else {
      readings.set(top.name, reading);
      stack.pop();
    }
  }
}

interface ReadOptions {
  image: Image;
  snapshot: Snapshot;
  config: Config;
  /** By path; filled in, as is `bases`: an image is looked at a second time when its bases have been read. */
  skimmed: Map<string, SkimmedDockerfile>;
  bases: Map<string, ReadDockerfile>;
  findBase: (reference: ImageReference) => ReadDockerfile | undefined;
}

/** A Dockerfile is skimmed, and read in full only where its stages run: of thousands, few do. */
function read({ image, snapshot, config, skimmed, bases, findBase }: ReadOptions): Reading {
  const { path } = followLinks(snapshot, image.dockerfile);
  const text = path === undefined ? undefined : snapshot.text(path);
  if (text === undefined) return { kind: 'unreadable' };
  return orBroken(image, () => {
    const inherit = (reference: ImageReference): Inherited | undefined => {
      const base = findBase(reference);
      if (base) bases.set(keyOf(reference), base);
      return base && inheritedFrom(base);
    };
    const dockerfile = skimmed.get(image.dockerfile) ?? skimDockerfile(text);
    skimmed.set(image.dockerfile, dockerfile);
    return {
      kind: 'read',
      ...outlineDockerfile({ ...settingsOf(image, config), dockerfile, inherit }),
      bases,
      outcome: undefined,
      run: runLater({ image, text, config, bases }),
    };
  });
}

function runLater(options: {
  image: Image;
  text: string;
  config: Config;
  bases: ReadonlyMap<string, ReadDockerfile>;
}): ReadDockerfile['run'] {
  const { image, text, config, bases } = options;
  const inherit = (reference: ImageReference): Inherited | undefined => {
    const base = bases.get(keyOf(reference));
    return base && inheritedFrom(base);
  };
  return () =>
    orBroken(image, () =>
      planDockerfile({ ...settingsOf(image, config), dockerfile: parseDockerfile(text), inherit }).run(),
    );
}

function keyOf({ reference, gaps }: ImageReference): string {
  return gaps.length === 0 ? reference : JSON.stringify([reference, gaps]);
}

/** The build arguments are what the generated job passes: GitLab's own variable where the Dockerfile asks for it. */
function settingsOf({ args, target }: Image, { registry }: Config) {
  return { args: { CI_REGISTRY_IMAGE: registry, ...args }, target };
}

/** What a base passes on; its stages run only when a variable is asked for. */
function inheritedFrom(base: ReadDockerfile): Inherited {
  const variables = (): Pick<Inherited, 'env' | 'complete'> => {
    const outcome = outcomeOf(base);
    return 'kind' in outcome ? { env: {}, complete: false } : outcome.exported;
  };
  return {
    triggers: base.triggers,
    get env() {
      return variables().env;
    },
    get complete() {
      return variables().complete;
    },
  };
}

function orBroken<T>(image: Image, attempt: () => T): T | BrokenDockerfile {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error;
    return { kind: 'broken', message: `${image.dockerfile}:${error.line}:${error.column}: ${error.message}` };
  }
}
