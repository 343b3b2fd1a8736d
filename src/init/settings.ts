import type { Config } from '../config/schema.ts';
import { compileReferences } from '../images/references.ts';
import type { Group, Groups, MeantUse } from './groups.ts';
import type { Discover, proposeNames } from './names.ts';
import type { Use } from './uses.ts';
import { isDirectoryPattern, isRepositoryPattern } from './writable.ts';

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
 * Chooses the plainest settings by which references mean what they should, tried out on all of them: the images' own
 * names, the registry that the references name, rules.
 */
export function chooseSettings(options: {
  config: Config;
  groups: Groups;
  uses: readonly Use[];
  discover: Discover;
  nameImages: typeof proposeNames;
}): ReferenceSettings {
  const { config, groups, uses } = options;
  const isNamed = uses.some(({ parts }) => parts?.repository.startsWith(config.registry));
  const hosted = isNamed ? undefined : commonRegistry(groups.ours);
  const registries = hosted === undefined ? [config.registry] : [config.registry, hosted];
  const plain = registries.flatMap((registry) => [
    { registry, rules: undefined },
    { registry, rules: [] },
  ]);
  const rules = groups.ours.filter(isWritable);
  const tried = [...plain, { registry: config.registry, rules }].map((candidate) =>
    tryOut(candidate, options),
  );
  const least = Math.min(...tried.map(({ wrong }) => wrong));
  return tried.find(({ wrong }) => wrong === least) as ReferenceSettings;
}

function isWritable({ shape: { match, directory } }: Group): boolean {
  return isRepositoryPattern(match) && isDirectoryPattern(directory);
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
): ReferenceSettings & { wrong: number } {
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
  let unknown = 0;
  for (const use of uses) {
    if (use.parts === undefined || unsettled.has(use)) continue;
    const resolved = resolve(use.reference);
    const image = resolved.kind === 'image' ? byName.get(resolved.image) : undefined;
    const wanted = meant.get(use);
    if (resolved.kind === 'unknown') unknown += 1;
    if (wanted && image?.dockerfile !== wanted.dockerfile) missed.push({ use, image: wanted });
    if (!wanted && image && image.dockerfile !== use.image.dockerfile) taken.push({ use, image });
  }
  // A reference that is missed is worse than any number of those that find too much.
  const wrong = missed.length * (uses.length + 1) + taken.length + unknown;
  return { registry, names, rules, missed, taken, wrong };
}

/** A group as the config has it. */
export function ruleOf({ shape, anyTag }: Group): NonNullable<Config['references']>[number] {
  return { ...shape, ...(!anyTag && { tags: ['latest'] }) };
}
