import { expect, test } from 'vitest';
import { compileDiscover, proposeNames } from '../../src/init/names.ts';
import { configOf, snapshot } from '../support/snapshot.ts';

type Shape = Parameters<typeof proposeNames>[0]['shapes'][number];

function namesFor(directories: readonly string[], ...shapes: Shape[]) {
  const files = directories.map((directory) => [`${directory}/Dockerfile`, 'FROM scratch\n']);
  const { tree } = snapshot(Object.fromEntries(files) as Record<string, string>);
  return proposeNames({ config: configOf(), shapes, discover: compileDiscover(tree, 'repo') });
}

test('below our registry an image is called what references call it, elsewhere only if that is shorter', () => {
  const below = { match: '$CI_REGISTRY_IMAGE/group/longer-{x}', directory: 'd/{x}' };
  expect(namesFor(['d/a'], below)).toEqual([{ directory: 'd/{x}', name: 'group/longer-{x}' }]);
  expect(namesFor(['d/a'], { ...below, match: 'acme/longer-{x}' })).toEqual([]);
  expect(namesFor(['d/a'], { ...below, match: 'acme/Q{x}' })).toEqual([]);
  expect(namesFor(['d/a'], { ...below, match: 'acme/{x}' })).toEqual([{ directory: 'd/{x}', name: '{x}' }]);
});

test('a name that no registry takes is in lower case, unless another has that', () => {
  expect(namesFor(['Up/a'])).toEqual([{ directory: 'Up/a', name: 'up/a' }]);
  expect(namesFor(['Up/a', 'up/a'])).toEqual([]);
});
