import type { AffectedImage } from '../affected/affected.ts';
import type { Config } from '../config/schema.ts';
import type { Publication } from '../gitlab/publication.ts';
import { componentOf } from '../images/component.ts';
import { imageGraph, levelsOf } from '../images/graph.ts';
import type { Image } from '../images/image.ts';
import { followLinks } from '../images/links.ts';
import type { Meanings, ResolvedImage } from '../images/resolve.ts';
import type { Snapshot } from '../images/snapshot.ts';
import { bakeNames, DEFAULT_GROUP } from './bake-names.ts';
import { bakePaths, checkBakeText } from './bake-text.ts';
import { buildArgs } from './build-job.ts';
import { expandVariables } from './expand-variables.ts';
import { namedContexts } from './named-contexts.ts';
import { namedImages } from './named-images.ts';
import { checkImageNames } from './names.ts';
import { tagPolicy } from './tag-policy.ts';

/** What `docker buildx bake` builds: plain data, without the escapes of its file. */
export interface BakePlan {
  /** Target names by group, in build order. The group `default`, the affected images, comes first. */
  groups: ReadonlyMap<string, readonly string[]>;
  /** In build order. */
  targets: readonly BakeTarget[];
  /** What images are tagged with where nothing tells the registry; undefined where it is known. */
  instead: string | undefined;
}

export interface BakeTarget {
  name: string;
  /** From the root of the repository. */
  context: string;
  /** From the context. */
  dockerfile: string;
  /** The build stage. */
  target: string | undefined;
  /** `target:<name>` or `docker-image://<reference>`, by what BuildKit is to take for it. */
  contexts: ReadonlyMap<string, string>;
  args: ReadonlyMap<string, string>;
  /** `<registry>/<repository>:<tag>` */
  tags: readonly string[];
  /** None for that of the builder. */
  platforms: readonly string[];
}

export interface BakeOptions {
  affected: readonly Pick<AffectedImage, 'image'>[];
  /** All images of the head, and what they are read from. */
  images: ReadonlyMap<string, ResolvedImage>;
  snapshot: Snapshot;
  config: Config;
  meanings: Meanings;
  publication: Publication;
  /** GitLab's, which the registry and tags may hold. */
  variables: Readonly<Record<string, string | undefined>>;
  /** As in `linux/arm64`. */
  platforms: readonly string[];
  /** Of images that are not built: the digest of the one that is published as they are, by name. */
  published: ReadonlyMap<string, string>;
}

/**
 * Plans a build of the affected images by BuildKit, which takes from other targets what Dockerfiles name. Where nothing
 * tells the registry, the images they are built from are targets too: they can be had nowhere else.
 *
 * @throws AffectedError `bake` for what bake or BuildKit would read as something else.
 */
export function planBake(options: BakeOptions): BakePlan {
  const { affected, images, config, platforms } = options;
  const { text, missing } = expandVariables(config.registry, options.variables);
  const instead = missing.length > 0 ? NO_REGISTRY : undefined;
  const registry = instead ?? text;
  const isAffected = new Set(affected.map(({ image }) => image.name));
  const planned = inBuildOrder(instead === undefined ? isAffected : withBases(isAffected, images), images);
  checkImageNames(planned.map(({ image }) => image));
  const { targets, groups } = bakeNames([...images.values()].map(({ image }) => image));
  const named = namedImages({ ...options, planned });
  const isPlanned = new Set(planned.map(({ image }) => image.name));
  const tagsOfImage = tagsOf(options, registry);
  const targetOf = (name: string) => (isPlanned.has(name) ? targets.get(name) : undefined);
  return {
    groups: plannedGroups(new Map([[DEFAULT_GROUP, [...isAffected]], ...groups]), {
      order: planned.map(({ image }) => image.name).filter((name) => isAffected.has(name)),
      targets,
    }),
    targets: planned.map((resolved) => ({
      name: targets.get(resolved.image.name) as string,
      ...bakePaths(resolved.image),
      target: resolved.image.target && checkBakeText(resolved.image.target, resolved.image),
      contexts: namedContexts({
        ...options,
        image: resolved.image,
        named: named.get(resolved.image.name) ?? [],
        registry,
        targetOf,
      }),
      args: argsOf(resolved, { configured: config.registry, registry }),
      tags: tagsOfImage(resolved.image),
      platforms,
    })),
    instead,
  };
}

/** A host that is this machine: nobody pushes there by mistake. */
const NO_REGISTRY = 'localhost';

function withBases(names: ReadonlySet<string>, images: BakeOptions['images']): ReadonlySet<string> {
  const graph = imageGraph(images);
  const all = new Set(names);
  // What is added while the set is walked is walked too.
  for (const name of all) for (const base of graph.get(name) ?? []) all.add(base);
  return all;
}

function inBuildOrder(names: ReadonlySet<string>, images: BakeOptions['images']): readonly ResolvedImage[] {
  const levels = levelsOf(imageGraph(images));
  const level = (name: string) => levels.get(name) as number;
  return [...names]
    .sort((a, b) => level(a) - level(b) || (a < b ? -1 : 1))
    .map((name) => images.get(name) as ResolvedImage);
}

/** The groups of which something is planned. */
function plannedGroups(
  groups: ReadonlyMap<string, readonly string[]>,
  { order, targets }: { order: readonly string[]; targets: ReadonlyMap<string, string> },
): BakePlan['groups'] {
  const place = new Map(order.map((name, index) => [name, index]));
  const planned = [...groups].map(([group, names]): [string, string[]] => {
    const own = names.filter((name) => place.has(name));
    const sorted = own.sort((a, b) => (place.get(a) as number) - (place.get(b) as number));
    return [group, sorted.map((name) => targets.get(name) as string)];
  });
  return new Map(planned.filter(([group, names]) => group === DEFAULT_GROUP || names.length > 0));
}

function argsOf(
  resolved: ResolvedImage,
  { configured, registry }: { configured: string; registry: string },
): ReadonlyMap<string, string> {
  return new Map(
    buildArgs(resolved, configured).map(({ name, value, expand }) => [
      checkBakeText(name, resolved.image),
      checkBakeText(expand ? `${registry}${value.slice(configured.length)}` : value, resolved.image),
    ]),
  );
}

/** Nothing follows what bake builds: it pushes what is published as well. */
function tagsOf(
  { images, config, publication, snapshot, variables }: BakeOptions,
  registry: string,
): (image: Image) => readonly string[] {
  const policy = tagPolicy({
    patterns: config.tags,
    publication,
    pipeline: '',
    images: [...images.values()].map(({ image }) => image),
  });
  return (image) => {
    const { path } = followLinks(snapshot, image.dockerfile);
    const text = path === undefined ? undefined : snapshot.text(path);
    const { candidates, fixed, branch, version } = policy(
      image,
      text === undefined ? undefined : componentOf(image, text),
    );
    const published = [...fixed, ...branch, ...(version?.tags ?? []).map(({ tag }) => tag)];
    return (published.length > 0 ? published : candidates).map(
      (tag) => `${registry}/${image.repository}:${expandVariables(tag, variables).text}`,
    );
  };
}
