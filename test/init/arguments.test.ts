import { expect, test } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { neededArguments } from '../../src/init/arguments.ts';
import { imagesOf } from '../support/snapshot.ts';

const REGISTRY = '$CI_REGISTRY_IMAGE';

test.each([
  ['$R/base', 'R', REGISTRY],
  ['${R}/base', 'R', REGISTRY],
  ['$R/nothing-here', 'R', undefined],
  ['$R/nothing-base', 'R', undefined],
  ['quay.io/$OWNER/base', 'OWNER', undefined],
  ['acme/base:$T', 'T', 'latest'],
  ['acme/nothing:$T', 'T', undefined],
])('FROM %s: %s is %s', (reference, name, value) => {
  const dockerfile = `ARG ${name}\nFROM ${reference}\n`;
  const files = { 'base/Dockerfile': 'FROM scratch\n', 'user/Dockerfile': dockerfile };
  const images = imagesOf(files).map((image) => ({
    image,
    dockerfile: parseDockerfile(files[image.dockerfile as keyof typeof files]),
  }));
  const found = neededArguments(images, { CI_REGISTRY_IMAGE: REGISTRY }, REGISTRY);
  expect(found.map((needed) => [needed.name, needed.value])).toEqual([[name, value]]);
});
