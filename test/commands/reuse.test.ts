import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { cli } from '../support/cli.ts';
import { badGateway } from '../support/gitlab-server/faults.ts';
import { refusingUrl } from '../support/gitlab-server/server.ts';
import { mergeRequest } from '../support/pipeline.ts';
import { digestOf, imageManifest, PASSWORD, startRegistry, USER } from '../support/registry-server.ts';
import { createRepository, type Files } from '../support/repository.ts';

interface Job {
  variables: Record<string, string | { value: string }>;
}

const main = {
  GITLAB_CI: 'true',
  CI_PIPELINE_SOURCE: 'push',
  CI_COMMIT_BRANCH: 'main',
  CI_DEFAULT_BRANCH: 'main',
  CI_COMMIT_REF_PROTECTED: 'true',
  CI_PIPELINE_ID: '9',
};
const release = { ...main, CI_COMMIT_BRANCH: '', CI_COMMIT_TAG: 'v1.2.3' };

/** `app` is built from `base`, and its last commit changes it; `other` stands alone. */
async function project(files: Files = {}) {
  const server = await startRegistry('bearer');
  onTestFinished(() => server.close());
  const repository = await createRepository();
  await repository.commit({
    'base/Dockerfile': 'FROM scratch\n',
    'app/Dockerfile': 'FROM base\nCOPY a /\n',
    'app/a': '1',
    'other/Dockerfile': 'FROM scratch\n',
    ...files,
  });
  await repository.commit({ 'app/a': '2' });

  async function generate(env: Record<string, string>, at: { host: string; argv?: string[] } = server) {
    const { host, argv = [] } = at;
    const result = await cli(
      repository.dir,
      ['generate', '--base', 'HEAD~1', '--output', 'child.yml', ...argv],
      {
        env: {
          CI_REGISTRY: host,
          CI_REGISTRY_IMAGE: `${host}/group/project`,
          CI_REGISTRY_USER: USER,
          CI_REGISTRY_PASSWORD: PASSWORD,
          ...env,
        },
      },
    );
    if (result.code !== 0) throw new Error(result.stderr);
    const text = await readFile(join(repository.dir, 'child.yml'), 'utf8');
    const jobs = parse(text, { logLevel: 'error' }) as Record<string, Job>;
    const builds = Object.keys(jobs).filter((name) => name.endsWith(':build'));
    const valueOf = (job: string, name: string) => {
      const found = jobs[job]?.variables[name];
      return typeof found === 'object' ? found.value : found;
    };
    return { ...result, jobs, builds, valueOf };
  }

  /** The tag that says what an image is made of. */
  async function tagsAtHead(): Promise<(image: string) => string> {
    const { valueOf } = await generate({ ...main, AFFECTED_ALL: '1' });
    return (image) => valueOf(`${image}:publish`, 'AFFECTED_TAG_1') as string;
  }

  /** Puts images into the registry as a pipeline of this commit would; as candidates it did not verify them. */
  async function put(images: readonly string[], kind: '' | 'candidate-' = ''): Promise<void> {
    const tagOf = await tagsAtHead();
    for (const image of images) {
      const [name = ''] = image.split(':');
      server.images.set(`group/project/${name}:${kind}${tagOf(image)}`, imageManifest(name));
    }
    server.requests.length = 0;
  }
  const askedFor = (image: string) =>
    server.requests.filter((request) => request.includes(`group/project/${image}:`));
  return { server, repository, generate, put, askedFor };
}

const ALL = ['base', 'app', 'other'];

describe('an image that the registry has whole, as it is at the commit', () => {
  test('is copied: its tags move, and nothing is built or verified again', async () => {
    const { generate, put } = await project();
    await put(ALL);
    const { jobs, builds, valueOf } = await generate(main);
    expect(builds).toEqual([]);
    expect(Object.keys(jobs)).not.toContain('app:scan');
    expect(valueOf('app:publish', 'AFFECTED_REFERENCE')).toBe(
      `$CI_REGISTRY_IMAGE/app@${digestOf(imageManifest('app'))}`,
    );
    // What it puts there is nothing that is there already.
    expect(valueOf('app:publish', 'AFFECTED_TAG_1')).not.toMatch(/^h-/);
  });

  test('serves what is built on it', async () => {
    const { generate, put, repository } = await project();
    await repository.commit({ 'base/Dockerfile': 'FROM scratch\nUSER 1\n' });
    await put(['base', 'other']);
    const { builds, valueOf } = await generate(main);
    expect(builds).toEqual(['app:build']);
    expect(valueOf('app:build', 'AFFECTED_PUBLISHED_1')).toBe(
      `$CI_REGISTRY_IMAGE/base@${digestOf(imageManifest('base'))}`,
    );
  });

  test('needs nothing that it was built from', async () => {
    const { generate, put, askedFor } = await project();
    await put(['app']);
    const { builds } = await generate(mergeRequest);
    expect([builds, askedFor('base')]).toEqual([[], []]);
  });

  test('is another one than before it changed', async () => {
    const { generate, put, repository } = await project();
    await put(ALL);
    await repository.commit({ 'app/a': '3' });
    expect((await generate(main)).builds).toEqual(['app:build']);
  });
});

test.each(['layer of ', 'config of '])('without the %san image is built again', async (part) => {
  const { generate, put, server } = await project();
  await put(ALL);
  server.collected.add(digestOf(`${part}app`));
  expect((await generate(main)).builds).toEqual(['app:build']);
});

test('a base image that is not whole is built too', async () => {
  const { generate, put, server } = await project();
  await put(['base']);
  server.collected.add(digestOf('layer of base'));
  const { builds, stdout } = await generate(mergeRequest);
  expect(builds).toEqual(['base:build', 'app:build']);
  expect(stdout).toMatch(/base:h-\w+… is not whole: the layer sha256:\w+ is gone/);
});

describe('a candidate, which nobody verified', () => {
  test('is copied and verified in an unprotected pipeline', async () => {
    const { generate, put } = await project();
    await put(['base', 'app'], 'candidate-');
    const { jobs, builds } = await generate(mergeRequest);
    expect([builds, Object.keys(jobs).includes('app:scan')]).toEqual([[], true]);
  });

  test('is nothing to a protected one', async () => {
    const { generate, put, askedFor } = await project();
    await put(ALL, 'candidate-');
    const { builds, stdout } = await generate(main);
    expect(builds).toEqual(['base:build', 'other:build', 'app:build']);
    // Once, after a request that is told to log in; not again as the base of another.
    expect(askedFor('base')).toHaveLength(2);
    expect(stdout).toContain('not published: ');
  });

  test('unless the config says so: then it is verified before its tags move, and found by them', async () => {
    const { generate, put } = await project({ 'affected.yml': 'reuse: all\n' });
    await put(['base', 'app'], 'candidate-');
    await put(['other']);
    const { jobs, builds, valueOf } = await generate(main);
    expect([builds, Object.keys(jobs).includes('app:scan')]).toEqual([[], true]);
    for (const image of ['app', 'base']) {
      expect(valueOf(`${image}:publish`, 'AFFECTED_REFERENCE')).toContain(`${image}@sha256:`);
      expect(valueOf(`${image}:publish`, 'AFFECTED_TAG_1')).toMatch(/^h-/);
    }
  });

  test('also as the base of what is built on another protected branch', async () => {
    const { generate, put, repository } = await project({ 'affected.yml': 'reuse: all\n' });
    await put(['base'], 'candidate-');
    await repository.commit({ 'app/a': '3' });
    const { builds, jobs, stdout } = await generate({ ...main, CI_COMMIT_BRANCH: 'stable' });
    expect(builds).toEqual(['app:build']);
    expect(Object.keys(jobs)).toContain('base:scan');
    expect(stdout).toContain('app is built from it, and it was never verified');
  });
});

test('a bake file, which copies nothing, builds what is affected from what is published', async () => {
  const { generate, put, server } = await project();
  await put(ALL);
  const { jobs } = await generate(main, { host: server.host, argv: ['--format', 'bake'] });
  const { target } = jobs as unknown as { target: Record<string, unknown> };
  expect(Object.keys(target)).toEqual(['app']);
  expect(JSON.stringify(target)).toContain(`base@${digestOf(imageManifest('base'))}`);
});

test('where nothing is to be reused, nobody is asked for it', async () => {
  const { generate, put, askedFor } = await project({ 'affected.yml': 'reuse: off\n' });
  await put(ALL);
  expect([(await generate(main)).builds, askedFor('app')]).toEqual([['app:build'], []]);
});

describe('what is built afresh on purpose', () => {
  test.each<[string, Record<string, string>]>([
    ['in a schedule', { CI_PIPELINE_SOURCE: 'schedule' }],
    ['where all is asked for', { AFFECTED_ALL: 'true' }],
  ])('%s takes nothing that is there', async (_, env) => {
    const { generate, put, askedFor } = await project();
    await put(ALL);
    const { builds, valueOf } = await generate({ ...main, ...env });
    expect(builds).toContain('app:build');
    expect(valueOf('app:build', 'AFFECTED_FRESH')).toBe('true');
    expect(askedFor('app')).toEqual([]);
  });

  test('by a trailer does so with all that is built on it, and with nothing else', async () => {
    const { generate, put, repository } = await project();
    await repository.git('commit', '--quiet', '--allow-empty', '--message', 'x\n\nAffected: base');
    await put(ALL);
    const { builds, valueOf } = await generate(main);
    expect(builds).toEqual(['base:build', 'app:build']);
    expect(builds.map((job) => valueOf(job, 'AFFECTED_FRESH'))).toEqual(['true', 'true']);
  });

  test('leaves out what others asked for besides', async () => {
    const { generate, put, repository } = await project();
    await repository.commit({ 'other/Dockerfile': 'FROM scratch\nUSER 1\n' });
    await repository.git('commit', '--quiet', '--amend', '--message', 'x\n\nAffected: app');
    await put(ALL);
    const { builds } = await generate(main);
    expect(builds).toEqual(['app:build']);
  });

  test('also where no registry is asked', async () => {
    const { generate } = await project();
    const env = { ...main, CI_PIPELINE_SOURCE: 'schedule', AFFECTED_ASK_REGISTRY: '0' };
    expect((await generate(env)).valueOf('app:build', 'AFFECTED_FRESH')).toBe('true');
  });

  test('and nothing else says that it is', async () => {
    const { generate } = await project();
    expect((await generate(main)).valueOf('app:build', 'AFFECTED_FRESH')).toBeUndefined();
  });
});

describe('what is not affected and not published', () => {
  test('is built on the default branch, though nothing changed it', async () => {
    const { generate, put } = await project();
    await put(['base', 'app']);
    const { builds, stdout } = await generate(main);
    expect(builds).toEqual(['other:build']);
    expect(stdout).toMatch(/not published: \S+\/group\/project\/other has no h-\w+…/);
  });

  test('also where nothing is affected at all', async () => {
    const { generate, put, repository } = await project();
    await repository.commit({ README: '' });
    await put(['base', 'app']);
    expect((await generate(main)).builds).toEqual(['other:build']);
  });

  test.each<[string, Record<string, string>]>([
    ['a merge request', mergeRequest],
    ['another branch', { ...main, CI_COMMIT_BRANCH: 'stable' }],
  ])('is nothing to %s', async (_, env) => {
    const { generate, put, askedFor } = await project();
    await put(['base', 'app']);
    expect([(await generate(env)).builds, askedFor('other')]).toEqual([[], []]);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['a default branch', { ...main, CI_COMMIT_REF_PROTECTED: 'false' }, /^h-/],
    ['a Git tag', { ...release, CI_COMMIT_REF_PROTECTED: 'false' }, /^v1\.2\.3$/],
  ])('nobody’s candidate is published: %s that is not protected builds it', async (_, env, tag) => {
    const { generate, put } = await project();
    await put(['base', 'app', 'other'], 'candidate-');
    const { builds, valueOf } = await generate(env);
    expect(builds.toSorted()).toEqual(['app:build', 'base:build', 'other:build']);
    expect(valueOf('other:publish', 'AFFECTED_TAG_1')).toMatch(tag);
  });

  test('is asked for once, and of what is there nothing more', async () => {
    const { generate, put, server, askedFor } = await project();
    await put(['app']);
    await generate(main);
    // Of the two requests, the first is told to log in.
    expect(askedFor('other')).toHaveLength(2);
    await put(ALL);
    await generate(main);
    expect(askedFor('other').filter((request) => request.startsWith('GET'))).toEqual([]);
    expect(server.requests.filter((request) => request.includes('other/blobs'))).toEqual([]);
  });

  test('stays as it is where that can not be known, which is said once', async () => {
    const { generate } = await project();
    const { builds, stderr, stdout } = await generate(main, { host: new URL(await refusingUrl()).host });
    expect(builds).not.toContain('other:build');
    expect(stderr.match(/Nothing is built for want of 2 unaffected images/g)).toHaveLength(1);
    expect(stderr.match(/^An image is built, as it can't be known/gm)).toHaveLength(1);
    expect(stdout).not.toContain('not published');
  });
});

test('a registry that does not tell whether a found image is whole: it is built, and said', async () => {
  const { generate, put, server } = await project();
  await put(ALL);
  server.faultFor = (request) => (request.includes('app/blobs') ? badGateway(502) : undefined);
  const { builds, stderr } = await generate(mergeRequest);
  expect(builds).toEqual(['app:build']);
  expect(stderr).toMatch(/^An image is built, as it can't be known whether the registry has it: .*502/m);
});

test('a layer that several images of a repository stand on is asked for once', async () => {
  const variants =
    'images:\n  app:\n    variants: {"1": {args: {V: "1"}}, "2": {args: {V: "2"}}, "3": {args: {V: "3"}}}\n';
  const { generate, put, server } = await project({
    'affected.yml': variants,
    'app/Dockerfile': 'FROM base\nARG V\nCOPY a /\n',
  });
  await put(['base', 'app:1', 'app:2', 'app:3', 'other']);
  const { builds } = await generate(mergeRequest);
  expect(builds).toEqual([]);
  expect(server.requests.filter((request) => request.includes('/app/blobs/'))).toHaveLength(2);
});

describe('the pipeline of a Git tag', () => {
  const files = { 'affected.yml': 'base: {tags: previous-tag}\n' };

  test('releases every image: those that are there as copies, others built', async () => {
    const { generate, put } = await project(files);
    await put(['base', 'app']);
    const { builds, jobs, stdout, valueOf } = await generate(release);
    expect(builds).toEqual(['other:build']);
    expect(Object.keys(jobs).filter((name) => name.endsWith(':publish'))).toEqual(
      expect.arrayContaining(['app:publish', 'base:publish', 'other:publish']),
    );
    expect(valueOf('base:publish', 'AFFECTED_REFERENCE')).toContain('base@sha256:');
    expect(stdout).toContain('released by the Git tag v1.2.3');
  });

  test('also where the registry is not asked: all of them are built', async () => {
    const { generate } = await project(files);
    const { builds } = await generate({ ...release, AFFECTED_ASK_REGISTRY: '0' });
    expect(builds).toEqual(['base:build', 'other:build', 'app:build']);
  });
});
