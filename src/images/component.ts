import { argumentValues, type ArgumentValue } from '../dockerfile/argument-values.ts';
import { DockerfileError, parseDockerfile } from '../dockerfile/parse.ts';
import { AffectedError } from '../errors.ts';
import type { Image } from './image.ts';

/** The software in an image, as `component` in the config names it. */
export interface Component {
  /** As in `0.104.2`: what the build arg holds in the build. */
  version: string;
  /** As in `nessie-0.104.2`. */
  tag: string;
}

/**
 * The version of the software in an image, from the build arg that its build will see: the configured value, else the
 * Dockerfile's own. Undefined for an image without a `component`.
 *
 * @param text the image's Dockerfile.
 * @throws AffectedError `component` where the value is not one that is known before the build, or can't be in a tag.
 */
export function componentOf(image: Image, text: string): Component | undefined {
  if (image.component === undefined) return undefined;
  const { arg, as } = image.component;
  const values = valuesOf(image, arg, text);
  const version = singleValue(image, arg, values);
  const tag = as.replace('{value}', () => version);
  if (/^[\w.-]+$/.test(version) && tag.length <= LONGEST_TAG) return { version, tag };
  throw refusal(
    image,
    `${placeOf(image, values[0])}: ARG ${arg} is ${JSON.stringify(version)}, of which no tag "${as}" can be made: letters, digits, _ . - only, at most ${LONGEST_TAG} characters; choose another build arg`,
  );
}

const LONGEST_TAG = 128;

function valuesOf(image: Image, arg: string, text: string): readonly ArgumentValue[] {
  try {
    const args = { CI_REGISTRY_IMAGE: image.registry, ...image.args };
    return argumentValues({ dockerfile: parseDockerfile(text), args, target: image.target }, arg);
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error;
    throw refusal(image, `${image.dockerfile}:${error.line}:${error.column}: ${error.message}`);
  }
}

function singleValue(image: Image, arg: string, values: readonly ArgumentValue[]): string {
  const [first] = values;
  if (first === undefined) {
    throw refusal(
      image,
      `${image.dockerfile}: no ARG ${arg} before the stages or in one that is built; declare it, or name another`,
    );
  }
  const unknown = values.find((value) => value.unknown.length > 0);
  if (unknown) {
    throw refusal(
      image,
      `${placeOf(image, unknown)}: ARG ${arg} depends on $${unknown.unknown.join(', $')}, which only its base image knows; set ${arg} under "args"`,
    );
  }
  const known = values.filter(({ text }) => text !== undefined && text !== '');
  const [one] = known;
  if (one === undefined) {
    throw refusal(
      image,
      `${placeOf(image, first)}: ARG ${arg} has no value; give it a default, or set it under "args"`,
    );
  }
  const other = known.find(({ text }) => text !== one.text);
  if (other) {
    throw refusal(
      image,
      `${placeOf(image, other)}: ARG ${arg} is ${JSON.stringify(other.text)} here and ${JSON.stringify(one.text)} in line ${one.line}; keep one default, before the first FROM`,
    );
  }
  return one.text as string;
}

function placeOf({ dockerfile }: Image, value: ArgumentValue | undefined): string {
  return `${dockerfile}:${value?.line ?? 1}`;
}

function refusal({ name }: Image, sentence: string): AffectedError {
  return new AffectedError('component', `${sentence} ("component" of the image "${name}" in affected.yml)`);
}
