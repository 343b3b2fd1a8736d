import * as z from 'zod/mini';
import { buildArgs, publishedTag, stageName, variantName } from './fields.ts';
import { described, isMapping, mapping, someOf } from './shapes.ts';

const variant = mapping('write a mapping with args, target or tags', {
  args: described(z.exactOptional(buildArgs), 'Build args, merged over those of the image.'),
  target: described(z.exactOptional(stageName), "Build stage to build. The image's when absent."),
  tags: described(
    z.exactOptional(someOf(publishedTag, 'tags')),
    "Tags it is published under, and by which references find it. The variant's name when absent.",
  ),
});

/** The `variants` of an image: variant name to settings, no tag in two of them. */
export const variants = z
  .record(variantName, variant, { error: 'write a mapping of variant names to settings' })
  .check(
    z.check(
      ({ value, issues }) => {
        for (const { path, message } of sharedTags(value)) {
          issues.push({ code: 'custom', input: value, path, message });
        }
      },
      { when: ({ value }) => isMapping(value) },
    ),
  );

function sharedTags(
  value: Readonly<Record<string, unknown>>,
): { path: (string | number)[]; message: string }[] {
  const holders = new Map<string, string>();
  return Object.entries(value).flatMap(([name, settings]) => {
    const given = isMapping(settings) ? settings['tags'] : undefined;
    return tagsOf(name, given).flatMap((tag, index) => {
      const holder = holders.get(tag);
      holders.set(tag, holder ?? name);
      if (holder === undefined || holder === name) return [];
      const path = given === undefined ? [name] : [name, 'tags', index];
      return [{ path, message: `its tag "${tag}" is also one of the variant "${holder}"; keep one of them` }];
    });
  });
}

function tagsOf(name: string, given: unknown): readonly string[] {
  if (given === undefined) return [name];
  return Array.isArray(given) ? given.map(String) : [];
}
