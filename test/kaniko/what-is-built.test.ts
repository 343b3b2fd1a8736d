import { expect, test } from 'vitest';
import { logs } from '../support/gitlab/try-pipeline.ts';
import { createRepository, type Files } from '../support/repository.ts';
import { listLayers, readImageFile } from './image-files.ts';
import { type Platform, repositoryOf, runChildPipeline, startPlatform } from './platform.ts';
import type { Tools } from './tools.ts';
import { withKaniko } from './with-kaniko.ts';

/** What the build of all images of a first commit leaves in the registry. */
async function build(tools: Tools, files: (platform: Platform) => Files) {
  const platform = await startPlatform(tools);
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  await repository.commit(files(platform));
  const run = await runChildPipeline(platform, repository, { base });
  expect(run.status, logs(run)).toBe('success');
  return {
    textOf: (image: string, path: string, reference = 'mr-7') =>
      readImageFile(platform.registry, { repository: repositoryOf(image), reference, path }),
    pathsIn: async (image: string) => {
      const layers = await listLayers(platform.registry, {
        repository: repositoryOf(image),
        reference: 'mr-7',
      });
      return layers.flat();
    },
  };
}

withKaniko('what Kaniko builds', (tools) => {
  test('without the files that .dockerignore leaves out', async () => {
    const { pathsIn } = await build(tools, () => ({
      'app/Dockerfile': 'FROM scratch\nCOPY . /\n',
      'app/.dockerignore': '*.md\n',
      'app/README.md': '',
      'app/kept': '',
    }));
    expect(await pathsIn('app')).toEqual(['.dockerignore', 'Dockerfile', 'kept']);
  });

  test('without those that the Dockerfile’s own ignore file leaves out, also where a base is handed over', async () => {
    const { pathsIn } = await build(tools, () => ({
      'base/Dockerfile': 'FROM scratch\nCOPY Dockerfile /base\n',
      'app/Dockerfile': 'FROM base\nCOPY . /\n',
      'app/Dockerfile.dockerignore': '*.md\n',
      'app/.dockerignore': 'kept\n',
      'app/README.md': '',
      'app/kept': '',
    }));
    const paths = await pathsIn('app');
    expect(paths).toContain('kept');
    expect(paths).not.toContain('README.md');
  });

  test('a context above the Dockerfile, with modes and even the links themselves as they are', async () => {
    const { textOf, pathsIn } = await build(tools, ({ busybox }) => ({
      'affected.yml': 'images: {app: {context: .}}\n',
      'app/Dockerfile': `FROM ${busybox}\nCOPY shared link /in/\nRUN ls -l /in > /modes && /in/tool > /ran\n`,
      'shared/tool': { content: '#!/bin/sh\necho ran\n', mode: '100755' },
      link: { symlink: 'shared/tool' },
    }));
    expect(await textOf('app', 'ran')).toBe('ran\n');
    expect(await textOf('app', 'modes')).toMatch(/ link -> shared\/tool\n-rwxr-xr-x .* tool\n$/u);
    expect(await pathsIn('app')).not.toContain('in/affected.yml');
  });

  test('the stage that is asked for', async () => {
    const { textOf } = await build(tools, () => ({
      'affected.yml': 'images: {app: {target: first}}\n',
      'app/Dockerfile':
        'FROM scratch AS first\nCOPY Dockerfile /first\nFROM scratch\nCOPY Dockerfile /last\n',
    }));
    expect(await textOf('app', 'first')).toContain('FROM scratch');
    expect(await textOf('app', 'last')).toBeUndefined();
  });

  test('each variant with its args and under its tags, and a dependent on one of them', async () => {
    const { textOf } = await build(tools, ({ busybox }) => ({
      'affected.yml': 'images: {base: {variants: {"1": {args: {V: one}}, "2": {args: {V: two}}}}}\n',
      'base/Dockerfile': `FROM ${busybox}\nARG V\nRUN echo $V > /variant\n`,
      'app/Dockerfile': 'FROM base:2\nRUN cp /variant /saw\n',
    }));
    expect(await textOf('base', 'variant', 'mr-7_1')).toBe('one\n');
    expect(await textOf('base', 'variant', 'mr-7_2')).toBe('two\n');
    expect(await textOf('app', 'saw')).toBe('two\n');
  });

  test('where the line that names a base holds other bytes than ASCII before it, and ends in CR LF', async () => {
    const { textOf } = await build(tools, ({ busybox }) => ({
      'base/Dockerfile': 'FROM scratch\nCOPY Dockerfile /base\n',
      'app/Dockerfile': `# ünïcode\r\nFROM ${busybox}\r\nCOPY --exclude=日本 --from=base /base /\r\nRUN cp /base /saw`,
    }));
    expect(await textOf('app', 'saw')).toContain('FROM scratch');
  });
});
