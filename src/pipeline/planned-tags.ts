import { type Component, componentOf } from '../images/component.ts';
import type { Image } from '../images/image.ts';
import { imageTags } from './image-tags.ts';
import type { PlanOptions } from './plan.ts';
import type { ImageTags } from './tag-policy.ts';

/** The tags of each affected image, by its name. */
export function plannedTags(
  options: Pick<
    PlanOptions,
    'affected' | 'images' | 'patterns' | 'publication' | 'pipeline' | 'dockerfiles' | 'registryImages'
  >,
): ReadonlyMap<string, ImageTags> {
  const { registryImages } = options;
  const tagsFor = imageTags({
    ...options,
    images: [...options.images.values()].map(({ image }) => image),
    fingerprintTags: registryImages?.fingerprintTags ?? new Map(),
  });
  return new Map(
    options.affected.map(({ image: { name } }) => {
      const image = options.images.get(name)?.image as Image;
      const component = componentIn(options.dockerfiles.get(name), image);
      return [name, tagsFor(image, component, registryImages?.reused.get(name))];
    }),
  );
}

/** Where no Dockerfile is given, nothing that depends on it is asked for. */
export function componentIn(text: string | undefined, image: Image): Component | undefined {
  return text === undefined ? undefined : componentOf(image, text);
}
