import { deferredBy, type ImageReference, type Inherited } from '../dockerfile/evaluate.ts';
import { type ParsedDockerfile, parseDockerfile, skimDockerfile } from '../dockerfile/parse.ts';
import { type Plan, planStages } from '../dockerfile/plan.ts';
import type { Image } from './image.ts';
import type { ResolvedImage } from './resolve.ts';

/** A Dockerfile and the stages of it that are built, with what base images of this repository add to them. */
export interface BuiltStages {
  text: string;
  dockerfile: ParsedDockerfile;
  plan: Plan;
  args: Readonly<Record<string, string>>;
}

/**
 * Reads again what a build of the image runs.
 *
 * @param options.findImage the image of this repository that a reference means.
 * @returns undefined where its Dockerfile can't be read; one that no builder takes throws a DockerfileError.
 */
export function builtStages(
  { image, inputs }: ResolvedImage,
  options: {
    images: ReadonlyMap<string, ResolvedImage>;
    findImage: (reference: ImageReference) => Image | undefined;
    registry: string;
  },
): BuiltStages | undefined {
  const text = inputs.dockerfileText;
  if (text === undefined) return undefined;
  const dockerfile = parseDockerfile(text);
  const args = { CI_REGISTRY_IMAGE: options.registry, ...image.args };
  const inherit = (reference: ImageReference): Inherited | undefined => {
    const base = options.findImage(reference);
    const written = base && options.images.get(base.name)?.inputs.dockerfileText;
    return written === undefined
      ? undefined
      : { env: {}, triggers: deferredBy(skimDockerfile(written), base?.target), complete: false };
  };
  return { text, dockerfile, args, plan: planStages({ dockerfile, args, target: image.target, inherit }) };
}
