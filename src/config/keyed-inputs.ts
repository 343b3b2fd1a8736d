import * as z from 'zod/mini';
import { placeholdersIn } from './placeholders.ts';

const EXTENSION = '(?:env|properties|json|ya?ml|toml)';
const READABLE = new RegExp(String.raw`\.(?:${EXTENSION}|\{${EXTENSION}(?:,${EXTENSION})*\})$`);

/** What of an input with keys may be anything as long as its other issues have not been told. */
interface KeyedInput {
  paths?: unknown;
  keys?: unknown;
  images?: unknown;
}

/**
 * The check that files with keys are of a kind that has keys, and that each placeholder of a key is bound: by the
 * directories of the same input, where it has any. Like `placeholdersBound` it passes over what is wrong otherwise.
 */
export function keysUsable<T extends KeyedInput>() {
  return z.check<T>(
    ({ value, issues }) => {
      if (value.keys === undefined) return;
      const add = (path: (string | number)[], message: string) =>
        issues.push({ code: 'custom', input: value, path, message });
      const [paths, keys] = [texts(value.paths), strings(value.keys)];
      const images = value.images === undefined ? undefined : strings(value.images);
      for (const [index, path] of paths.entries()) {
        if (path !== undefined && !READABLE.test(path)) add(['paths', index], KINDS);
      }
      const bound = (images ?? []).map(placeholdersIn);
      for (const [index, key] of keys.entries()) {
        const unbound = placeholdersIn(key).find((name) => !bound.flat().includes(name));
        if (unbound !== undefined) add(['keys', index], unboundMessage(unbound, images));
      }
      for (const [index, names] of bound.entries()) {
        const twice = names.find((name, at) => names.indexOf(name) !== at);
        if (twice !== undefined)
          add(['images', index], `{${twice}} occurs twice in it; name each part differently`);
        const applies = keys.some((key) => placeholdersIn(key).every((name) => names.includes(name)));
        if (!applies && keys.length > 0) add(['images', index], NOTHING_APPLIES);
      }
    },
    { when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value) },
  );
}

const KINDS =
  'only .yml, .yaml, .json, .toml, .env and .properties files have keys; end the glob in one of these, or leave out keys';
const NOTHING_APPLIES =
  'each of the keys has a placeholder that does not occur in it, so none would count; add a key, or the placeholder';

function unboundMessage(name: string, images: readonly string[] | undefined): string {
  return images === undefined
    ? `{${name}} has no meaning here; move the input to the inputs of all images, and let its images say what {${name}} stands for`
    : `{${name}} does not occur in any of the images`;
}

function strings(value: unknown): readonly string[] {
  return texts(value).map((text) => text ?? '');
}

/** Undefined for an item that is no string. */
function texts(value: unknown): readonly (string | undefined)[] {
  return Array.isArray(value)
    ? value.map((item: unknown) => (typeof item === 'string' ? item : undefined))
    : [];
}
