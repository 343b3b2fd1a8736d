import type { ImageReference } from '../dockerfile/evaluate.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import { readStages, type Stage } from '../dockerfile/stages.ts';
import { AffectedError } from '../errors.ts';
import type { Image } from '../images/image.ts';
import { dockerfileText } from '../images/readings.ts';
import type { BakeOptions } from './bake-plan.ts';
import { contextName } from './context-name.ts';

/** What BuildKit takes for a name, and where the Dockerfile writes that; undefined where it means what it says. */
interface Use {
  value: string | undefined;
  reference: ImageReference;
}

/**
 * What BuildKit is to take in place of the images a Dockerfile names: `target:<name>` for one that is built too, else
 * the one that is published as it is at this commit, or the full name of what is written without the registry.
 *
 * @param options.named the images its Dockerfile names.
 * @param options.targetOf the target of an image that is built.
 * @param options.registry what the configured one stands for.
 * @throws AffectedError `bake` where BuildKit would not take it, or would take it for something else too.
 */
export function namedContexts(
  options: Pick<BakeOptions, 'images' | 'snapshot' | 'config' | 'meanings' | 'platforms' | 'published'> & {
    image: Image;
    named: readonly ImageReference[];
    registry: string;
    targetOf: (name: string) => string | undefined;
  },
): ReadonlyMap<string, string> {
  const { image, named, config, registry, platforms } = options;
  const uses = new Map<string, Use>();
  for (const reference of named) {
    const value = valueOf(reference, options);
    const known = reference.unset.length === 0;
    const name = known
      ? contextName(reference.reference.replaceAll(config.registry, () => registry))
      : undefined;
    const other = name === undefined ? undefined : uses.get(name);
    if (name === undefined && value !== undefined) {
      throw refusal(image, reference, `is no name BuildKit would find it by; ${remedy(reference)}`);
    }
    if (other && other.value !== value) {
      const also = `"${other.reference.word}" in line ${other.reference.line}`;
      throw refusal(image, reference, `and ${also} are one image to BuildKit; write both with the registry`);
    }
    if (name !== undefined) uses.set(name, { value, reference });
  }
  const found = [...uses].filter(
    (use): use is [string, Use & { value: string }] => use[1].value !== undefined,
  );
  if (found.length > 0) {
    const { stages } = readStages(parseDockerfile(dockerfileText(options.snapshot, image) ?? ''));
    for (const [name, { reference, value }] of found) {
      checkStages({ image, name, reference, stages });
      if (value.startsWith(TARGET)) checkPlatform({ image, reference, stages, platforms });
    }
  }
  return new Map(found.map(([name, { value }]): [string, string] => [name, value]).sort());
}

const TARGET = 'target:';

function valueOf(
  reference: ImageReference,
  options: Parameters<typeof namedContexts>[0],
): string | undefined {
  const { image, images, meanings, published, registry, targetOf } = options;
  const meant = meanings.resolveReference(reference);
  // An image that names itself builds on what was published before.
  if (meant.kind !== 'image' || meant.image === image.name) return undefined;
  const target = targetOf(meant.image);
  if (target !== undefined) return `${TARGET}${target}`;
  const digest = published.get(meant.image);
  const { repository } = images.get(meant.image)?.image ?? { repository: meant.image };
  if (digest !== undefined) return `docker-image://${registry}/${repository}@${digest}`;
  return meant.bare === undefined ? undefined : `docker-image://${registry}/${repository}${meant.bare}`;
}

/** BuildKit puts what a name is given for in place of a stage of that name too (dockerfile2llb, buildDispatchStates). */
function checkStages(options: {
  image: Image;
  name: string;
  reference: ImageReference;
  stages: readonly Stage[];
}): void {
  const { image, name, reference, stages } = options;
  if (!stages.some((stage) => stage.name === name)) return;
  throw refusal(
    image,
    reference,
    `is also the name of a build stage, which BuildKit would leave out; name the stage otherwise, or the image with its registry or a tag`,
  );
}

/** A target is there for the platforms it is built for; for another one BuildKit takes what the registry has. */
function checkPlatform(options: {
  image: Image;
  reference: ImageReference;
  stages: readonly Stage[];
  platforms: readonly string[];
}): void {
  const { image, reference, stages, platforms } = options;
  if (reference.instruction !== 'FROM' || reference.viaTrigger) return;
  const flag = stages[reference.stage]?.from.flags.find(({ name }) => name === 'platform')?.value;
  if (flag === undefined || /^\$\{?TARGETPLATFORM\}?$/.test(flag) || platforms.includes(flag)) return;
  if (platforms.length === 0 && /^\$\{?BUILDPLATFORM\}?$/.test(flag)) return;
  throw refusal(
    image,
    reference,
    `is built for ${platforms.length === 0 ? 'the platform of the builder' : platforms.join(', ')}, and here wanted for ${flag}; name that platform with --platform too, or leave it out of the FROM`,
  );
}

function refusal({ dockerfile }: Image, { line, word }: ImageReference, why: string): AffectedError {
  return new AffectedError('bake', `${dockerfile}:${line}: "${word}" ${why}`);
}

function remedy({ unset }: ImageReference): string {
  return unset.length === 0
    ? 'write it as a registry takes it'
    : `give $${unset.join(', $')} a value under "args" in affected.yml`;
}
