import { expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { createRepository, type Files } from '../support/repository.ts';

const FILES: Files = {
  'a/Dockerfile': 'FROM scratch\nCOPY . /\n',
  'a/.dockerignore': '# ok\n[a-\n',
  'b/Dockerfile': 'FROM scratch\nCOPY . /\n',
  'b/.dockerignore': 'docs\n',
  'old-link': { symlink: 'b' },
};
const REFUSED = /a\/\.dockerignore:2: .* \[ignore-file\]\n$/;

async function repositoryOf(files: Files) {
  const repository = await createRepository();
  return { repository, base: await repository.commit(files) };
}

test('an ignore file that rules no changed path stops nobody', async () => {
  const { repository, base } = await repositoryOf(FILES);
  await repository.commit({ 'b/x': '1', 'b/docs/y': '1' });
  const comparison = await cliJson(repository.dir, ['--base', base]);
  expect(comparison.affected).toMatchObject([{ name: 'b', reasons: [{ path: 'b/x' }] }]);
});

test.each<[string, Files]>([
  ['a file below its build context', { 'a/x': '1' }],
  ['the ignore file', { 'a/.dockerignore': '[b-\n\n[c-\n' }],
  ['the config', { 'affected.yml': 'args: {A: b}\n' }],
  ['a symbolic link', { link: { symlink: 'b' } }],
  ['a symbolic link that is gone', { 'old-link': null }],
])('one that does not parse is told where something changed that it may rule: %s', async (_, files) => {
  const { repository, base } = await repositoryOf(FILES);
  await repository.commit(files);
  const { code, stderr } = await cli(repository.dir, ['--base', base]);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/a\/\.dockerignore:\d: .* \[ignore-file\]\n$/)]);
});

test.each([[['check']], [['explain', 'b/docs/x']], [['--what-if', 'b/x']], [['graph']]])(
  '%j asks for any path, so that all are read',
  async (argv) => {
    const { repository } = await repositoryOf(FILES);
    const { code, stdout, stderr } = await cli(repository.dir, argv);
    if (argv[0] === 'graph') expect(code).toBe(0);
    else expect([code, `${stdout}${stderr}`]).toEqual([code, expect.stringMatching(REFUSED)]);
  },
);

test('a path that did not change is told to be ignored', async () => {
  const { repository, base } = await repositoryOf({ ...FILES, 'a/.dockerignore': null, 'b/docs/x': '1' });
  await repository.commit({ 'a/x': '1' });
  const { stdout } = await cli(repository.dir, ['explain', 'b/docs/x', '--base', base]);
  expect(stdout).toContain('b/.dockerignore:1');
});

test('images that share a Dockerfile text share what it says, but for the one it names', async () => {
  const text = 'FROM $CI_REGISTRY_IMAGE/a:1\nCOPY x /\n';
  const { repository, base } = await repositoryOf({
    'a/Dockerfile': `ARG CI_REGISTRY_IMAGE\n${text}`,
    'b/Dockerfile': `ARG CI_REGISTRY_IMAGE\n${text}`,
    'c/Dockerfile': `ARG CI_REGISTRY_IMAGE\n${text}`,
    'a/x': '1',
  });
  await repository.commit({ 'a/x': '2' });
  expect(namesOf(await cliJson(repository.dir, ['--base', base]))).toEqual(['a', 'b', 'c']);
});
