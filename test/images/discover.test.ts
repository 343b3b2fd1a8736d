import { describe, expect, test } from 'vitest';
import { AffectedError } from '../../src/errors.ts';
import { imagesOf } from '../support/snapshot.ts';

type Discover = Parameters<typeof imagesOf>;

function names(...given: Discover): string[] {
  return imagesOf(...given).map(({ name }) => name);
}

describe('which files are images', () => {
  test('every Dockerfile, sorted by name; the root takes the repository’s name', () => {
    const images = imagesOf({
      'z/Dockerfile': '',
      'a/b/Dockerfile': '',
      Dockerfile: '',
      'a/Dockerfile.bak': '',
      README: '',
    });
    expect(images).toEqual([
      expect.objectContaining({
        name: 'a/b',
        directory: 'a/b',
        dockerfile: 'a/b/Dockerfile',
        context: 'a/b',
      }),
      expect.objectContaining({ name: 'repo', directory: '', dockerfile: 'Dockerfile', context: '' }),
      expect.objectContaining({ name: 'z', directory: 'z', dockerfile: 'z/Dockerfile', context: 'z' }),
    ]);
  });

  test('a link may be a Dockerfile, a submodule may not', () => {
    expect(
      names({ 'a/Dockerfile': { symlink: '../shared' }, 'b/Dockerfile': { submodule: 'c0ffee' } }),
    ).toEqual(['a']);
  });

  test('globs choose and exclude', () => {
    const files = { 'app/Containerfile': '', 'test/app/Containerfile': '', 'old/Dockerfile': '' };
    const discover = { dockerfiles: ['**/Containerfile'], exclude: ['test/**'] };
    expect(names(files, { discover })).toEqual(['app']);
  });

  test.each([
    ['a/Dockerfile.alpine', 'a/alpine'],
    ['a/alpine.Dockerfile', 'a/alpine'],
    ['a/ALPINE.dockerfile', 'a/alpine'],
    ['a/Containerfile.alpine', 'a/alpine'],
    ['a/dockerfile', 'a'],
    ['a/.Dockerfile', 'a'],
    ['a/Dockerfile.', 'a'],
    ['Dockerfile.alpine', 'alpine'],
    ['a/Dockerfiles', 'a/dockerfiles'],
    ['a/Dockerfile.3.12.slim', 'a/3.12.slim'],
  ])('%s is the image %s', (dockerfile, name) => {
    expect(names({ [dockerfile]: '' }, { discover: { dockerfiles: ['**'] } })).toEqual([name]);
  });

  test('the ignore file of a Dockerfile is none', () => {
    const files = { 'a/Dockerfile': '', 'a/Dockerfile.dockerignore': '', 'a/Dockerfile.alpine': '' };
    expect(names(files, { discover: { dockerfiles: ['**/Dockerfile*'] } })).toEqual(['a', 'a/alpine']);
  });

  test('a name of any bytes survives', () => {
    expect(names({ 'a\n\udc80/Dockerfile': '' })).toEqual(['a\n\udc80']);
  });
});

describe('names', () => {
  const files = { 'docker/base/java/Dockerfile': '', 'docker/web/Dockerfile.alpine': '', Dockerfile: '' };
  const discover = { dockerfiles: ['**/Dockerfile*', '**/*.Dockerfile'] };

  test('the first pattern that matches counts', () => {
    const patterns = { 'docker/base/{x}': 'base-{x}', 'docker/{kind}/{x}': '{x}-{kind}', '.': 'root' };
    expect(names(files, { discover, names: patterns })).toEqual(['alpine-web', 'base-java', 'root']);
  });

  test('two Dockerfiles of one name are an error that names both', () => {
    const clash = () => names(files, { discover, names: { 'docker/{kind}/{x}': 'app' } });
    expect(clash).toThrow(AffectedError);
    expect(clash).toThrow(
      'docker/base/java/Dockerfile and docker/web/Dockerfile.alpine are both the image "app"',
    );
    const sameSuffix = { 'a/Dockerfile.x': '', 'a/x.Dockerfile': '' };
    expect(() => names(sameSuffix, { discover })).toThrow(
      expect.objectContaining({ code: 'duplicate-name' }),
    );
  });
});

describe('settings', () => {
  const files = { 'docker/base/java/Dockerfile': '', Dockerfile: '' };

  test('without any, the defaults', () => {
    expect(imagesOf(files)[0]).toEqual({
      name: 'docker/base/java',
      repository: 'docker/base/java',
      variant: undefined,
      tags: [],
      directory: 'docker/base/java',
      dockerfile: 'docker/base/java/Dockerfile',
      context: 'docker/base/java',
      target: undefined,
      registry: '$CI_REGISTRY_IMAGE',
      args: {},
      sharedArgs: new Map(),
      argsFiles: [],
      template: '.kaniko-build',
      verify: { scan: '.affected-scan', sbom: '.affected-sbom', test: '.affected-structure-test' },
      inputs: [],
      keyedInputs: [],
    });
  });

  test('all matching entries, later ones win; args merge, inputs add up', () => {
    const [java, root] = imagesOf(files, {
      registry: 'registry.example.com/group',
      args: { A: 'global', B: 'global' },
      template: '.all',
      images: {
        'docker/**': {
          args: { B: 'docker', C: 'docker' },
          context: '.',
          target: 'run',
          template: '.d',
          inputs: ['x'],
        },
        'docker/base/*': { args: { C: 'base' }, context: 'docker', inputs: ['y'] },
        '.': { target: 'root' },
      },
      inputs: [{ paths: ['shared/**'], images: ['docker/**'] }, { paths: ['all'] }],
    });
    expect(java).toMatchObject({
      registry: 'registry.example.com/group',
      args: { A: 'global', B: 'docker', C: 'base' },
      context: 'docker',
      target: 'run',
      template: '.d',
      inputs: ['shared/**', 'all', 'x', 'y'],
    });
    expect(root).toMatchObject({
      args: { A: 'global', B: 'global' },
      context: '',
      target: 'root',
      template: '.all',
      inputs: ['all'],
    });
  });

  test('inputs by key: those of the images that match, with their placeholders filled', () => {
    const [java, root] = imagesOf(files, {
      inputs: [
        { paths: ['a.yml'], keys: ['all', '{x}.v', '{x}-{y}'], images: ['docker/*/{x}', '**/{y}/{x}', '**'] },
        { paths: ['b.yml'], keys: ['{x}'], images: ['other/{x}'] },
        { paths: ['c.yml'], images: ['docker/**'] },
      ],
      images: { 'docker/**': { inputs: ['x', { paths: ['d.yml'], keys: ['own'] }] } },
    });
    expect(java).toMatchObject({
      inputs: ['c.yml', 'x'],
      keyedInputs: [
        { paths: ['a.yml'], keys: ['all', 'java.v', 'java-base'] },
        { paths: ['d.yml'], keys: ['own'] },
      ],
    });
    expect(root).toMatchObject({ inputs: [], keyedInputs: [{ paths: ['a.yml'], keys: ['all'] }] });
  });

  test('a directory’s name fills a placeholder as it is', () => {
    const named = { 'docker/{y}.z/Dockerfile': '' };
    const [image] = imagesOf(named, {
      inputs: [{ paths: ['a.yml'], keys: ['{x}.v'], images: ['docker/{x}'] }],
    });
    expect(image).toMatchObject({ keyedInputs: [{ keys: ['{y}.z.v'] }] });
  });

  test('the root as context is the empty path', () => {
    expect(imagesOf(files, { images: { '**': { context: '.' } } }).map(({ context }) => context)).toEqual([
      '',
      '',
    ]);
  });
});
