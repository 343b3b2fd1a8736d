import { expect, test } from 'vitest';
import { cliJson, namesOf } from '../support/cli.ts';
import { createRepository, type Files } from '../support/repository.ts';

async function change(before: Files, after: Files) {
  const repository = await createRepository();
  const base = await repository.commit(before);
  await repository.commit(after);
  return cliJson(repository.dir, ['--base', base]);
}

const copies = 'FROM scratch\nCOPY x /\n';
const others: Files = { 'other/Dockerfile': 'FROM scratch\n' };

// What the head shows of an image must not stand for its base where that was read from something else.
test.each<[string, Files, Files, string[]]>([
  [
    'an image that was built on one which has another name now',
    { 'a/Dockerfile': 'FROM b\n', 'b/Dockerfile': 'FROM scratch\n' },
    { 'b/Dockerfile': null, 'c/Dockerfile': 'FROM scratch\n' },
    ['a', 'c'],
  ],
  [
    'an image that was built on one that is no more, while another Dockerfile changed',
    { 'a/Dockerfile': 'FROM b\n', 'b/Dockerfile': 'FROM scratch\n', 'c/Dockerfile': 'FROM scratch\n' },
    { 'b/Dockerfile': null, 'c/Dockerfile': 'FROM scratch\nENV A=1\n' },
    ['a', 'c'],
  ],
  [
    'an image whose base image was another, while others stay',
    { 'a/Dockerfile': 'FROM b\n', 'b/Dockerfile': 'FROM scratch\n', 'c/Dockerfile': 'FROM scratch\n' },
    { 'a/Dockerfile': 'FROM c\n', 'b/Dockerfile': 'FROM scratch\nENV A=1\n' },
    ['b', 'a'],
  ],
  [
    'a file that a base image was told to have its dependents copy',
    { 'a/Dockerfile': 'FROM b\n', 'a/x': '1', 'b/Dockerfile': 'FROM scratch\nONBUILD COPY x /\n' },
    { 'a/x': '2', 'b/Dockerfile': 'FROM scratch\n# none\n' },
    ['b', 'a'],
  ],
  [
    'an ignore file that another name leads to',
    {
      'a/Dockerfile': copies,
      'a/x': '',
      'a/.dockerignore': { symlink: '../ignored' },
      ignored: 'x\n',
    },
    { ignored: 'y\n' },
    ['a'],
  ],
  [
    "a Dockerfile's ignore file outside of the build context",
    {
      'affected.yml': 'images: {a: {context: src}}\n',
      'a/Dockerfile': copies,
      'a/Dockerfile.dockerignore': 'y\n',
      'src/x': '',
    },
    { 'a/Dockerfile.dockerignore': 'x\n' },
    ['a'],
  ],
  [
    'what a bare name means by other rules, while the Dockerfile says the same in other words',
    { 'a/Dockerfile': 'FROM scratch\n', 'b/Dockerfile': 'FROM a\n' },
    {
      'affected.yml': 'references: [{match: "q/{x}", directory: "{x}"}]\n',
      'b/Dockerfile': '# now somebody else’s\nFROM  a\n',
    },
    ['b'],
  ],
  [
    "a Dockerfile's ignore file that is gone",
    { 'a/Dockerfile': copies, 'a/x': '', 'a/Dockerfile.dockerignore': 'x\n' },
    { 'a/Dockerfile.dockerignore': null },
    ['a'],
  ],
  [
    "a context's ignore file that is gone",
    { 'a/Dockerfile': copies, 'a/x': '', 'a/.dockerignore': 'x\n' },
    { 'a/.dockerignore': null },
    ['a'],
  ],
  [
    "the root's ignore file that is gone",
    { 'affected.yml': 'images: {a: {context: .}}\n', 'a/Dockerfile': copies, x: '', '.dockerignore': 'x\n' },
    { '.dockerignore': null },
    ['a'],
  ],
  [
    "a Dockerfile's ignore file that is gone, where another outside of its directory is in force again",
    {
      'affected.yml': 'images: {a: {context: b}}\n',
      'a/Dockerfile': copies,
      'a/Dockerfile.dockerignore': 'x\n',
      'b/x': '',
      'b/.dockerignore': 'y\n',
    },
    { 'a/Dockerfile.dockerignore': null },
    ['a'],
  ],
  [
    "a Dockerfile's ignore file that is new, where another outside of its directory was in force",
    {
      'affected.yml': 'images: {a: {context: b}}\n',
      'a/Dockerfile': copies,
      'b/x': '',
      'b/.dockerignore': 'y\n',
    },
    { 'a/Dockerfile.dockerignore': 'x\n' },
    ['a'],
  ],
  [
    'a Dockerfile of another name whose own ignore file is gone',
    {
      'affected.yml':
        'discover: {dockerfiles: ["**/Dockerfile.*", "**/*.Dockerfile"]}\nimages: {a/x: {context: b}}\n',
      'a/Dockerfile.x': copies,
      'a/Dockerfile.x.dockerignore': 'x\n',
      'b/x': '',
      'b/.dockerignore': 'y\n',
    },
    { 'a/Dockerfile.x': null, 'a/Dockerfile.x.dockerignore': null, 'a/x.Dockerfile': copies },
    ['a/x'],
  ],
  [
    'a file of build args',
    {
      'affected.yml': 'images: {a: {argsFile: v.env}}\n',
      'a/Dockerfile': 'ARG X\nFROM scratch\n',
      'v.env': 'X=1\n',
    },
    { 'v.env': 'X=2\n', 'other/Dockerfile': 'FROM scratch\nENV A=1\n' },
    ['a', 'other'],
  ],
  [
    'values of a file, where all images are the same',
    {
      'affected.yml': 'images: {a: {inputs: [{paths: [v.yml], keys: [x]}]}}\n',
      'a/Dockerfile': 'FROM scratch\n',
      'v.yml': 'x: 1\n',
    },
    { 'v.yml': 'x: 2\n' },
    ['a'],
  ],
  [
    'another config',
    { 'affected.yml': 'images: {a: {args: {X: "1"}}}\n', 'a/Dockerfile': 'ARG X\nFROM scratch\n' },
    { 'affected.yml': 'images: {a: {args: {X: "2"}}}\n' },
    ['a'],
  ],
  [
    'a Dockerfile behind a link',
    { 'a/Dockerfile': { symlink: '../common' }, common: 'FROM scratch\n' },
    { common: 'FROM scratch\nENV A=1\n' },
    ['a'],
  ],
  [
    'a link to a context',
    {
      'affected.yml': 'images: {a: {context: c}}\n',
      'a/Dockerfile': copies,
      c: { symlink: 'd' },
      'd/x': '1',
      'e/x': '2',
    },
    { c: { symlink: 'e' } },
    ['a'],
  ],
])('%s', async (_, before, after, expected) => {
  expect(namesOf(await change({ ...others, ...before }, after))).toEqual(expected);
});

test('an image that is gone is told, where nothing else changed', async () => {
  const { removed } = await change({ ...others, 'a/Dockerfile': 'FROM scratch\n' }, { 'a/Dockerfile': null });
  expect(removed).toMatchObject([{ name: 'a' }]);
});

test('what an image no longer inherits was its input', async () => {
  const { affected } = await change(
    { 'a/Dockerfile': 'FROM b\n', 'a/x': '1', 'b/Dockerfile': 'FROM scratch\nONBUILD COPY x /\n' },
    { 'a/x': '2', 'b/Dockerfile': 'FROM scratch\n' },
  );
  expect(affected.find(({ name }) => name === 'a')?.reasons).toMatchObject([
    { kind: 'source', path: 'a/x' },
    { kind: 'dependency', image: 'b' },
  ]);
});

test('a Dockerfile that was broken is another one now, which is all there is to know', async () => {
  const { affected, widened } = await change(
    { ...others, 'a/Dockerfile': 'FROM\n' },
    { 'a/Dockerfile': 'FROM scratch\n' },
  );
  expect(affected).toMatchObject([{ name: 'a', reasons: [{ kind: 'dockerfile', path: 'a/Dockerfile' }] }]);
  expect(widened).toEqual([]);
});

test('so is one behind a link', async () => {
  const { affected, widened } = await change(
    { ...others, 'a/Dockerfile': { symlink: 'real' }, 'a/real': 'FROM\n' },
    { 'a/real': 'FROM scratch\n' },
  );
  expect(affected).toMatchObject([{ name: 'a', reasons: [{ kind: 'dockerfile', path: 'a/real' }] }]);
  expect(widened).toEqual([]);
});

test('a Dockerfile that was broken by its base image alone widens', async () => {
  const { affected, widened } = await change(
    { 'a/Dockerfile': 'FROM b\n', 'b/Dockerfile': 'FROM scratch\nONBUILD COPY ${x:?} /\n' },
    { 'b/Dockerfile': 'FROM scratch\n' },
  );
  expect(affected.map(({ name }) => name)).toEqual(['b', 'a']);
  expect(widened).toMatchObject([{ image: 'a', code: 'broken-at-base' }]);
});
