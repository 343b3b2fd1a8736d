import { describe, expect, test } from 'vitest';
import { ignoreFileInForce, neededFiles, realContext } from '../../src/images/snapshot.ts';
import { imagesOf, type Files, snapshot } from '../support/snapshot.ts';

const files: Files = {
  'app/Dockerfile': { symlink: '../common/Dockerfile.txt' },
  'app/.dockerignore': { symlink: '../common/ignore' },
  'common/Dockerfile.txt': 'FROM scratch',
  'common/ignore': '*',
  'own/Dockerfile': 'FROM scratch',
  'own/Dockerfile.dockerignore': '',
  'own/.dockerignore': '',
  'linked/Dockerfile': 'FROM scratch',
  ctx: { symlink: 'own' },
  away: { symlink: '/tmp' },
  'broken/Dockerfile': { symlink: 'nowhere/../../..' },
  'sub/module': { submodule: 'c0ffee' },
};
const settings = { images: { linked: { context: 'ctx' }, broken: { context: 'away' } } };

test('the needed files are those at the end of the links', () => {
  expect(neededFiles(snapshot(files), imagesOf(files, settings))).toEqual([
    'common/Dockerfile.txt',
    'common/ignore',
    'linked/Dockerfile',
    'own/.dockerignore',
    'own/Dockerfile',
    'own/Dockerfile.dockerignore',
  ]);
});

describe('realContext', () => {
  test('follows links and knows when they lead nowhere', () => {
    const here = snapshot(files);
    const [image] = imagesOf({ 'a/Dockerfile': '' });
    const at = (context: string) => image && realContext(here, { ...image, context });
    expect(at('a')).toBe('a');
    expect(at('')).toBe('');
    expect(at('ctx/below')).toBe('own/below');
    expect(at('away/below')).toBeUndefined();
  });
});

test('the ignore file beside the Dockerfile goes before that of the context', () => {
  const { tree } = snapshot(files);
  expect(ignoreFileInForce(tree, { dockerfile: 'own/Dockerfile', context: '' })).toBe(
    'own/Dockerfile.dockerignore',
  );
  expect(ignoreFileInForce(tree, { dockerfile: 'x/Dockerfile', context: 'own' })).toBe('own/.dockerignore');
  expect(ignoreFileInForce(tree, { dockerfile: 'x/Dockerfile', context: '' })).toBeUndefined();
});
