import { describe, expect, test } from 'vitest';
import { cli, cliJson } from '../support/cli.ts';
import { createRepository } from '../support/repository.ts';
import { PLATFORM, platform } from './platform.ts';

describe('affected check', () => {
  test('nothing to mend: exit 0', async () => {
    const { repository } = await platform();
    expect(await cli(repository.dir, ['check'])).toEqual({ code: 0, stdout: 'No findings.\n', stderr: '' });
    expect(await cliJson<unknown>(repository.dir, ['check'])).toEqual({ findings: [], hints: [] });
  });

  test.each([
    [
      'the config',
      { 'affected.yml': 'imagse: {}\nversion: 2\n' },
      /^affected\.yml:1:1: .*\naffected\.yml:2:\d+: .* \[config\]\n$/,
    ],
    [
      'a Dockerfile',
      { 'alone/Dockerfile': 'FROM scratch\nCOPPY a /a\n' },
      /^alone\/Dockerfile:2:1: .* \[dockerfile\]\n$/,
    ],
    [
      'an ignore file',
      { 'trino/.dockerignore': '\n[a-\n' },
      /^trino\/\.dockerignore:2: .* \[ignore-file\]\n$/,
    ],
    [
      'a reference nobody can resolve',
      { 'alone/Dockerfile': 'ARG WHICH\nFROM $WHICH\n' },
      /^alone\/Dockerfile:2: .* \[unresolved-reference\]\n$/,
    ],
    [
      'a reference below our registry to no image',
      { 'alone/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/none\n' },
      /^alone\/Dockerfile:2: .* \[missing-image\]\n$/,
    ],
    [
      'two images of one name',
      { 'affected.yml': 'names:\n  alone: same\n  base: same\n' },
      /^alone\/Dockerfile and base\/Dockerfile .* \[duplicate-name\]\n$/,
    ],
    [
      'a cycle',
      { 'base/Dockerfile': 'FROM trino\n' },
      /^The images need each other in a cycle: base → trino → java → base; .* \[cycle\]\n$/,
    ],
    [
      'a template, once for all images',
      { 'ci-templates/kaniko.yml': '.kaniko-build: [\n' },
      /^ci-templates\/kaniko\.yml:\d+:\d+: .* \[ci-yaml\]\n$/,
    ],
    [
      'a component that is not known',
      { 'affected.yml': 'images: {alone: {component: {arg: NONE}}}\n' },
      /^alone\/Dockerfile: no ARG NONE .* \("component" of the image "alone" in affected\.yml\) \[component\]\n$/,
    ],
    [
      'tags that another pipeline would push as well, once for all images',
      { 'affected.yml': 'tags: {release: ["{tag}", latest]}\n' },
      /^The image "alone" would get the tag "latest" by "latest" \(tags\.defaultBranch in affected\.yml\), .* \[tag-name\]\nThe image "alone" .* \(tags\.release in .* \[tag-name\]\n$/,
    ],
    [
      'tags of releases that a variant has',
      {
        'affected.yml': 'images: {alone: {variants: {a: {tags: [1.0-a]}}}}\n',
      },
      /^The image "alone:a" would get the tag "1\.0-a" by "latest" .*\[tag-name\]\nThe image "alone:a" .*\[tag-name\]\n$/,
    ],
    [
      'a default branch whose slug is a version',
      { 'affected.yml': 'targetBranch: "1"\n' },
      /^The image "alone" would get the tag "1" by "\{branch\}" .*\[tag-name\]\nThe image .* "1" by "\{major\}" .*\[tag-name\]\n$/,
    ],
    [
      'an image’s own jobs',
      { 'alone/.gitlab-ci.yml': 'lint: [\n' },
      /^alone\/\.gitlab-ci\.yml:\d+:\d+: .* \[ci-yaml\]\n$/,
    ],
  ] as const)('%s: exit 1', async (_, files, expected) => {
    const { repository } = await platform();
    await repository.write(files);
    const { code, stdout, stderr } = await cli(repository.dir, ['check']);
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(expected);
  });

  test('all findings at once, also as JSON', async () => {
    const { repository } = await platform({
      'alone/Dockerfile': 'FORM scratch\n',
      'base/Dockerfile': 'FROM trino\n',
      'java/.gitlab-ci.yml': 'lint: [\n',
    });
    const findings = [
      { code: 'dockerfile', message: expect.stringMatching(/^alone\/Dockerfile:1:1: /) },
      { code: 'cycle', message: expect.stringMatching(/^The images need each other/) },
      { code: 'ci-yaml', message: expect.stringMatching(/^java\/\.gitlab-ci\.yml:/) },
    ];
    const { code, stdout } = await cli(repository.dir, ['check', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).findings).toEqual(expect.arrayContaining(findings));
    expect((await cli(repository.dir, ['check'])).stdout.split('\n').length).toBeGreaterThan(3);
  });

  test('of a named commit, the working tree left out', async () => {
    const { repository } = await platform();
    await repository.write({ 'alone/Dockerfile': 'FORM scratch\n' });
    expect((await cli(repository.dir, ['check'])).code).toBe(1);
    expect((await cli(repository.dir, ['check', '--head', 'HEAD'])).code).toBe(0);
  });

  test('a commit no change of which would show what is wrong', async () => {
    const repository = await createRepository();
    await repository.commit({ ...PLATFORM, 'alone/Dockerfile': 'FORM scratch\n' });
    await repository.commit({ 'README.md': 'x' });
    expect((await cli(repository.dir, ['check'])).code).toBe(1);
  });

  test.each([
    ['an unknown commit', ['--head', 'none'], 'unknown-revision'],
    ['a config that is not there', ['--config', 'none.yml'], 'unreadable-config'],
    ['a directory that is no repository', ['--cwd', '/'], 'not-a-repository'],
    ['no directory', ['--cwd', '/none'], 'no-directory'],
  ])('what is no finding but a mistyped argument: %s', async (_, argv, code) => {
    const { repository } = await platform();
    const result = await cli(repository.dir, ['check', ...argv]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(`[${code}]`);
  });

  test('a git that fails is no finding', async () => {
    const { repository } = await platform();
    const tree = await repository.git('rev-parse', 'HEAD^{tree}');
    await repository.git('update-ref', '-d', 'refs/heads/main');
    const broken = await repository.git('commit-tree', '-m', 'x', tree);
    await repository.git('update-ref', 'refs/heads/main', broken);
    await repository.write([[`.git/objects/${tree.slice(0, 2)}/${tree.slice(2)}`, 'rubbish']]);
    const { code, stderr } = await cli(repository.dir, ['check', '--head', 'HEAD']);
    expect(code).toBe(2);
    expect(stderr).toContain('[git-failed]');
  });
});
