import type { Config } from '../config/schema.ts';
import { type Evaluation, evaluateDockerfile, type Inherited } from '../dockerfile/evaluate.ts';
import { DockerfileError, type ParsedDockerfile, parseDockerfile } from '../dockerfile/parse.ts';
import type { Image } from './image.ts';
import { followLinks } from './links.ts';
import type { Snapshot } from './snapshot.ts';

/** What an image's Dockerfile says. */
export type Reading =
  | { kind: 'read'; evaluation: Evaluation }
  /** Its content is not known. */
  | { kind: 'unreadable' }
  /** It doesn't parse: `<path>:<line>:<column>: <what is wrong>`. */
  | { kind: 'broken'; message: string };

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
  findImage: (reference: string) => Image | undefined;
}): ReadonlyMap<string, Reading> {
  const readings = new Map<string, Reading>();
  for (const image of options.images) readWithBases(image, readings, options);
  return readings;
}

/** With a stack of its own: thousands of images built on each other must not exhaust the program's. */
function readWithBases(
  image: Image,
  readings: Map<string, Reading>,
  options: Parameters<typeof readDockerfiles>[0],
): void {
  const { snapshot, config, findImage } = options;
  const begun = new Map<string, ParsedDockerfile | Reading>();
  const stack = [image];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const { name } = top;
    const parsed = readings.get(name) ?? begun.get(name) ?? parse(snapshot, top);
    begun.set(name, parsed);
    const missing: Image[] = [];
    const inherit = (reference: string): Inherited | undefined => {
      const base = findImage(reference);
      if (base === undefined) return undefined;
      const reading = readings.get(base.name);
      if (!reading && !begun.has(base.name)) missing.push(base);
      return reading?.kind === 'read' ? reading.evaluation.exported : undefined;
    };
    const reading = 'kind' in parsed ? parsed : evaluate({ image: top, dockerfile: parsed, config, inherit });
    if (missing.length > 0) {
      stack.push(...missing);
    } else {
      readings.set(name, reading);
      stack.pop();
    }
  }
}

function parse(snapshot: Snapshot, image: Image): ParsedDockerfile | Reading {
  const { path } = followLinks(snapshot, image.dockerfile);
  const text = path === undefined ? undefined : snapshot.text(path);
  return text === undefined ? { kind: 'unreadable' } : orBroken(image, () => parseDockerfile(text));
}

function evaluate(options: {
  image: Image;
  dockerfile: ParsedDockerfile;
  config: Config;
  inherit: (reference: string) => Inherited | undefined;
}): Reading {
  const { image, dockerfile, config, inherit } = options;
  return orBroken(image, () => ({
    kind: 'read',
    evaluation: evaluateDockerfile({
      dockerfile,
      // What the generated job passes: GitLab's own variable where the Dockerfile asks for it.
      args: { CI_REGISTRY_IMAGE: config.registry, ...image.args },
      target: image.target,
      inherit,
    }),
  }));
}

function orBroken<T>(image: Image, read: () => T): T | Reading {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error;
    return { kind: 'broken', message: `${image.dockerfile}:${error.line}:${error.column}: ${error.message}` };
  }
}
