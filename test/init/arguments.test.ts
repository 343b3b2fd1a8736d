import { expect, test } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { neededArguments } from '../../src/init/arguments.ts';
import { imagesOf } from '../support/snapshot.ts';

const REGISTRY = '$CI_REGISTRY_IMAGE';

function valuesIn(files: Readonly<Record<string, string>>) {
  const images = imagesOf(files).map((image) => ({
    image,
    dockerfile: parseDockerfile(files[image.dockerfile] as string),
  }));
  const found = neededArguments(images, { CI_REGISTRY_IMAGE: REGISTRY }, REGISTRY);
  return found.map(({ name, value }) => [name, value]);
}

test.each([
  ['$R/base', 'R', REGISTRY],
  ['${R}/base', 'R', REGISTRY],
  ['$R/nothing-here', 'R', undefined],
  ['$R/nothing-base', 'R', undefined],
  ['quay.io/$OWNER/base', 'OWNER', undefined],
  ['acme/base:$T', 'T', 'latest'],
  ['acme/nothing:$T', 'T', undefined],
])('FROM %s: %s is %s', (reference, name, value) => {
  const user = `ARG ${name}\nFROM ${reference}\n`;
  const found = valuesIn({ 'base/Dockerfile': 'FROM scratch\n', 'user/Dockerfile': user });
  expect(found).toEqual([[name, value]]);
});

test('an image that names itself names somebody else’s', () => {
  expect(valuesIn({ 'base/Dockerfile': 'ARG R\nFROM $R/base\n' })).toEqual([['R', undefined]]);
});
