import { expect, test } from 'vitest';
import { fingerprintOf } from '../support/fingerprints.ts';
import { type Files, side } from '../support/snapshot.ts';

type Settings = NonNullable<Parameters<typeof side>[1]>;

const at = (files: Files, settings: Settings = {}) => {
  const found = fingerprintOf(side(files, settings), 'a');
  if (!found.known) throw new Error(found.why);
  return found.fields;
};
const app = (...sources: string[]) => ({ 'a/Dockerfile': `FROM scratch\nCOPY ${sources.join(' ')} /\n` });
const [ONE, IN] = [{ submodule: '1'.repeat(40) }, '1'.repeat(40)];

test('a link that a source passes through counts, wherever it leads', () => {
  const { links } = at({ ...app('l/x'), 'a/l': { symlink: '/elsewhere' } });
  expect([...links.keys()]).toEqual(['a/l']);
});

test('a link may lead to a file, which may be one that is kept out of the build context', () => {
  const files = { ...app('l'), 'a/l': { symlink: 'd/x' }, 'a/d/x': '1' };
  expect([...at(files).links.keys()]).toEqual(['a/l', 'a/d/x']);
  expect(at({ ...files, 'a/.dockerignore': 'd\n' }).links.get('a/d/x')).toMatch(/ ignored$/);
});

test.each<[string, Files, Settings, string]>([
  ['holds the build context', { ...app('x'), sub: ONE }, { images: { a: { context: 'sub/c' } } }, 'sub'],
  ['is what a link leads to', { ...app('l/x'), 'a/l': { symlink: '../sub' }, sub: ONE }, {}, 'sub'],
  ['holds what a link leads to', { ...app('l/x'), 'a/l': { symlink: '../sub/d' }, sub: ONE }, {}, 'sub'],
  ['is below what a link leads to', { ...app('l'), 'a/l': { symlink: '../d' }, 'd/sub': ONE }, {}, 'd/sub'],
  ['lies outside of the context', { ...app('../sub/x'), sub: ONE }, {}, 'sub'],
])('a submodule counts that %s', (_, files, settings, path) => {
  expect([...at(files, settings).submodules.keys()]).toEqual([path]);
});

test('a submodule does not count that no source may reach', () => {
  expect([...at({ ...app('x'), 'a/x': '1', 'a/in': ONE, sub: ONE }).submodules]).toEqual([]);
});

test('the ignore file and its rules count for a submodule in the context, and for no other', () => {
  const submodules = (source: string, ignore: string, settings: Settings = {}) =>
    at({ ...app(source), 'a/sub': ONE, sub: ONE, 'a/.dockerignore': ignore }, settings).submodules;
  expect(submodules('sub', 'x\n')).not.toEqual(submodules('sub', 'y\n'));
  expect(submodules('sub', 'x\n')).not.toEqual(submodules('sub', 'x\n', { dockerignore: 'docker' }));
  expect(submodules('../sub', 'x\n').get('sub')).toBe(`160000 ${IN}`);
});

test('a submodule counts that a declared glob names or may reach into, by keys or as a whole', () => {
  const files = { 'a/Dockerfile': 'FROM scratch\n', sub: ONE };
  for (const input of ['sub', 'sub/x', { paths: ['sub/x.json'], keys: ['k'] }]) {
    const { declared } = at(files, { images: { a: { inputs: [input] } } });
    expect([...declared]).toEqual([['sub', `160000 ${IN}`]]);
  }
});

test('of a declared file behind a link, the link and the file count', () => {
  const files = { 'a/Dockerfile': 'FROM scratch\n', l: { symlink: 'd' }, 'd/x': '1' };
  expect([...at(files, { images: { a: { inputs: ['l/x'] } } }).declared.keys()]).toEqual(['l', 'd/x']);
});
