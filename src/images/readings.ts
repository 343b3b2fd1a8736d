import type { Config } from '../config/schema.ts';
import {
  type DockerfileOutline,
  type ImageReference,
  type Inherited,
  type Outcome,
  deferredBy,
  outlineDockerfile,
  runDockerfile,
} from '../dockerfile/evaluate.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
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

export interface ReadDockerfile {
  kind: 'read';
  says: DockerfileOutline;
  /** What the images of this repository say that it is built on, by `keyOf` the reference. */
  bases: () => ReadonlyMap<string, ReadDockerfile>;
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
 * Reads the Dockerfiles. What the images of this repository that they are built on set with ENV and ONBUILD counts.
 *
 * @param options.findImage the image of this repository that a reference means.
 */
export function readDockerfiles(options: ReadOptions): ReadonlyMap<string, Reading> {
  const readings = new Map<string, Reading>();
  const triggersOf = compileTriggers(options);
  const readOnce = (image: Image): Reading => {
    const known = readings.get(image.name);
    if (known) return known;
    const reading = read(image, reader);
    readings.set(image.name, reading);
    return reading;
  };
  const reader = { ...options, outlineOf: compileOutlines({ ...options, triggersOf, readOnce }) };
  for (const image of options.images) readOnce(image);
  return readings;
}

interface ReadOptions {
  snapshot: Snapshot;
  images: readonly Image[];
  config: Config;
  findImage: (reference: ImageReference) => Image | undefined;
  /** What is built for, as in `linux/arm64`; `linux/amd64` when absent. */
  platform?: string;
}

/**
 * What the stages read, or what is wrong with them; they run the first time it is asked, after those of the bases. With
 * a stack of its own: thousands of images built on each other must not exhaust the program's. In a cycle one goes
 * without what its base sets; the graph's own check reports cycles.
 */
export function outcomeOf(reading: ReadDockerfile): Outcome | BrokenDockerfile {
  const stack = [reading];
  // One base after the other: of two that both wait, one may need the other.
  const begun = new Set(stack);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const waiting = [...top.bases().values()].find((base) => !base.outcome && !begun.has(base));
    if (!top.outcome && waiting) {
      stack.push(waiting);
      begun.add(waiting);
    } else {
      top.outcome ??= top.run();
      stack.pop();
    }
  }
  return reading.outcome as Outcome | BrokenDockerfile;
}

type Triggers = (image: Image) => readonly Instruction[] | undefined;

/** What each image defers to those built on it; undefined where its Dockerfile can't be read. */
function compileTriggers({ snapshot }: ReadOptions): Triggers {
  const known = new Map<string, readonly Instruction[] | undefined>();
  return (image) => {
    if (known.has(image.name)) return known.get(image.name);
    const text = dockerfileText(snapshot, image);
    const found =
      text === undefined ? [] : orBroken(image, () => deferredBy(skimDockerfile(text), image.target));
    const triggers = text === undefined || 'kind' in found ? undefined : found;
    known.set(image.name, triggers);
    return triggers;
  };
}

/** Undefined where its content is not known. */
export function dockerfileText(snapshot: Snapshot, image: Image): string | undefined {
  const { path } = followLinks(snapshot, image.dockerfile);
  return path === undefined ? undefined : snapshot.text(path);
}

/** What a Dockerfile says before its stages run, and the images of this repository that it is built on. */
interface Outline {
  says: DockerfileOutline;
  bases: () => ReadonlyMap<string, ReadDockerfile>;
}

type OutlineOf = (image: Image, dockerfile: SkimmedDockerfile) => Outline;

/** Of thousands of Dockerfiles, most say the same about images and stages as another: they share its outline. */
function compileOutlines(
  options: ReadOptions & { triggersOf: Triggers; readOnce: (image: Image) => Reading },
): OutlineOf {
  const { findImage, triggersOf, readOnce } = options;
  const outline: OutlineOf = (image, dockerfile) => {
    const found = new Map<string, Image>();
    const inherit = (reference: ImageReference): Inherited | undefined => {
      const base = findImage(reference);
      const triggers = base && triggersOf(base);
      if (base) found.set(keyOf(reference), base);
      return triggers && { env: {}, complete: false, triggers };
    };
    const says = outlineDockerfile({ ...settingsOf(image, options), dockerfile, inherit });
    let bases: ReadonlyMap<string, ReadDockerfile> | undefined;
    return { says, bases: () => (bases ??= readAll(found, readOnce)) };
  };
  const known = new Map<Image['args'], Map<string, Outline>>();
  return (image, dockerfile) => {
    if (dockerfile.key === undefined) return outline(image, dockerfile);
    const alike = known.get(image.args) ?? new Map<string, Outline>();
    known.set(image.args, alike);
    const key = `${dockerfile.key}\0${image.target ?? ''}`;
    const shared = alike.get(key) ?? outline(image, dockerfile);
    alike.set(key, shared);
    return shared;
  };
}

/** A Dockerfile is skimmed, and read in full only where its stages run: of thousands, few do. */
function read(image: Image, options: ReadOptions & { outlineOf: OutlineOf }): Reading {
  const { snapshot, outlineOf } = options;
  const text = dockerfileText(snapshot, image);
  if (text === undefined) return { kind: 'unreadable' };
  return orBroken(image, () => {
    const { says, bases } = outlineOf(image, skimDockerfile(text));
    const run = () =>
      orBroken(image, () => {
        const dockerfile = parseDockerfile(text);
        const inherit = (reference: ImageReference) => inheritedFrom(bases().get(keyOf(reference)));
        return runDockerfile({ ...settingsOf(image, options), dockerfile, inherit });
      });
    return { kind: 'read', says, bases, outcome: undefined, run };
  });
}

function readAll(
  images: ReadonlyMap<string, Image>,
  readOnce: (image: Image) => Reading,
): ReadonlyMap<string, ReadDockerfile> {
  const found = new Map<string, ReadDockerfile>();
  for (const [key, image] of images) {
    const reading = readOnce(image);
    if (reading.kind === 'read') found.set(key, reading);
  }
  return found;
}

function keyOf({ reference, gaps }: ImageReference): string {
  return gaps.length === 0 ? reference : JSON.stringify([reference, gaps]);
}

/** The build arguments are what the generated job passes: GitLab's own variable where the Dockerfile asks for it. */
function settingsOf({ args, target }: Image, { config, platform }: Pick<ReadOptions, 'config' | 'platform'>) {
  return { args: { CI_REGISTRY_IMAGE: config.registry, ...args }, target, platform };
}

/** What a base passes on whose stages have run. */
function inheritedFrom(base: ReadDockerfile | undefined): Inherited | undefined {
  if (base === undefined) return undefined;
  const { outcome, says } = base;
  return outcome && 'exported' in outcome
    ? outcome.exported
    : { env: {}, complete: false, triggers: says.triggers };
}

function orBroken<T>(image: Image, attempt: () => T): T | BrokenDockerfile {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error;
    return { kind: 'broken', message: `${image.dockerfile}:${error.line}:${error.column}: ${error.message}` };
  }
}
