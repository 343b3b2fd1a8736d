import type { Config } from '../config/schema.ts';
import type { Image } from '../images/image.ts';
import { compileReferences } from '../images/references.ts';
import type { Group, Groups, MeantUse } from './groups.ts';
import type { Discover, proposeNames } from './names.ts';
import type { Use } from './uses.ts';

/** How references come to mean the images here. */
export interface ReferenceSettings {
  registry: string;
  names: Config['names'];
  /** Undefined where the names of the images are enough; none where no bare name is ours. */
  rules: readonly Group[] | undefined;
  /** References that mean an image here and still would not find it. */
  missed: readonly MeantUse[];
  /** References that find an image here and most likely don't mean it. */
  taken: readonly MeantUse[];
}

/**
 * Chooses the plainest settings by which each reference means what it should, tried out on all of them: the images' own
 * names, the registry that the references name, rules.
 */
export function chooseSettings(options: {
  config: Config;
  groups: Groups;
  uses: readonly Use[];
  discover: Discover;
  nameImages: typeof proposeNames;
}): ReferenceSettings {
  const { config, groups } = options;
  const hosted = commonRegistry(groups.ours);
  const registries = hosted === undefined ? [config.registry] : [config.registry, hosted];
  const plain = registries.flatMap((registry) => [
    { registry, rules: undefined },
    { registry, rules: [] },
  ]);
  let last: ReferenceSettings | undefined;
  for (const candidate of [...plain, { registry: config.registry, rules: groups.ours }]) {
    last = tryOut(candidate, options);
    if (last.missed.length === 0 && last.taken.length === 0) return last;
  }
  return last as ReferenceSettings;
}

/** The prefix that all references to images here share, if it is one of a registry. */
function commonRegistry(groups: readonly Group[]): string | undefined {
  const prefixes = new Set(
    groups.flatMap(({ uses }) =>
      uses.map(({ use }) => {
        const repository = use.parts?.repository ?? '';
        return repository.slice(0, Math.max(0, repository.lastIndexOf('/')));
      }),
    ),
  );
  const shortest = [...prefixes].sort((one, other) => one.length - other.length)[0];
  if (shortest === undefined || !/^[^/$]*[.:][^/$]*(?:\/[\w.-]+)+$/.test(shortest)) return undefined;
  return [...prefixes].every((prefix) => prefix === shortest || prefix.startsWith(`${shortest}/`))
    ? shortest
    : undefined;
}

function tryOut(
  { registry, rules }: Pick<ReferenceSettings, 'registry' | 'rules'>,
  options: Parameters<typeof chooseSettings>[0],
): ReferenceSettings {
  const { groups, uses, discover, nameImages } = options;
  const base = { ...options.config, registry };
  const names = [...nameImages({ config: base, shapes: groups.ours.map(({ shape }) => shape), discover })];
  const config: Config = { ...base, names, ...(rules && { references: rules.map(ruleOf) }) };
  const images = discover(config) ?? [];
  const byName = new Map(images.map((image) => [image.name, image]));
  const resolve = compileReferences({ images, config });
  const meant = new Map(groups.ours.flatMap((group) => group.uses.map(({ use, image }) => [use, image])));
  const unsettled = new Set(groups.ambiguous.map(({ use }) => use));
  const missed: MeantUse[] = [];
  const taken: MeantUse[] = [];
  for (const use of uses) {
    if (use.parts === undefined || unsettled.has(use)) continue;
    const resolved = resolve(use.reference);
    const image = resolved.kind === 'image' ? byName.get(resolved.image) : undefined;
    const wanted = meant.get(use);
    if (wanted !== undefined && image?.dockerfile !== wanted.dockerfile) missed.push({ use, image: wanted });
    if (wanted === undefined && resolved.kind !== 'external' && !isItself(image, use)) {
      taken.push({ use, image: image ?? use.image });
    }
  }
  return { registry, names, rules, missed, taken };
}

function isItself(image: Image | undefined, use: Use): boolean {
  return image?.dockerfile === use.image.dockerfile;
}

/** A group as the config has it. */
export function ruleOf({ shape, anyTag }: Group): NonNullable<Config['references']>[number] {
  return { ...shape, ...(!anyTag && { tags: ['latest'] }) };
}
