import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Fault, tooManyRequests } from '../support/gitlab-server/faults.ts';
import { refusingUrl } from '../support/gitlab-server/server.ts';
import { imageOf, publishProject } from '../support/publish-project.ts';
import { digestOf } from '../support/registry-server.ts';
import { runnerCheckout } from '../support/runner-checkout.ts';

const refuses = (status: number, code: string): Fault => ({
  kind: 'answer',
  answer: { status, body: { errors: [{ code, message: 'no' }] } },
});

/** A project whose first commit is published, and a job that publishes the second. */
async function secondPublish(options: Parameters<typeof publishProject>[0] = {}) {
  const project = await publishProject(options);
  const [first, second] = project.commits as [string, string];
  await project.publish(first);
  project.registry.requests.length = 0;
  return { ...project, first, second, before: project.tags() };
}

const DIGEST = /sha256:[0-9a-f]{64}/g;

/** What a person reads, without what differs from run to run. */
function sentences(stderr: string, project: { registry: { host: string }; commits: readonly string[] }) {
  let text = stderr.slice(stderr.indexOf('affected: ')).replaceAll(project.registry.host, '<host>');
  for (const [index, commit] of project.commits.entries()) {
    text = text
      .replaceAll(digestOf(imageOf(commit)), `<digest ${index}>`)
      .replaceAll(commit, `<commit ${index}>`)
      .replaceAll(commit.slice(0, 8), `<short ${index}>`);
  }
  return text.replaceAll(DIGEST, '<digest>');
}

describe('what can’t be read moves nothing', () => {
  test('the image is gone', async () => {
    const project = await secondPublish();
    project.registry.collected.add(digestOf(imageOf(project.second)));
    const { code, stderr } = await project.publish(project.second);
    expect(code).toBe(2);
    expect(sentences(stderr, project)).toBe(
      'affected: no tag was moved: app: <host>/group/app has no <digest 1>: it was deleted, or never pushed; run the job that builds it again [not-published]\n',
    );
    expect(project.tags()).toEqual(project.before);
  });

  test('the repository is gone', async () => {
    const project = await secondPublish();
    project.registry.images.clear();
    project.registry.untagged.clear();
    const { code, stderr } = await project.publish(project.second);
    expect(code).toBe(2);
    expect(stderr).toContain('/group/app has no sha256:');
  });

  test('a layer of it is gone', async () => {
    const project = await secondPublish();
    project.registry.collected.add(digestOf(`layer of app of ${project.second}`));
    const { code, stderr } = await project.publish(project.second);
    expect(code).toBe(2);
    expect(sentences(stderr, project)).toBe(
      'affected: no tag was moved: app: <host>/group/app@<digest 1> is not whole: the layer <digest> is gone; run the job that builds it again [not-published]\n',
    );
    expect(project.tags()).toEqual(project.before);
  });

  test('the registry is down', async () => {
    const { commits, publish } = await publishProject();
    const { host } = new URL(await refusingUrl());
    const repository = `${host}/group/app`;
    const env = {
      AFFECTED_REPOSITORY: repository,
      AFFECTED_IMAGE_APP: `${repository}@sha256:${'0'.repeat(64)}`,
    };
    const { code, stderr } = await publish(commits[0] as string, { env });
    expect(code).toBe(2);
    expect(stderr).toContain('no tag was moved: app: there is no connection to');
    expect(stderr).toContain('(ECONNREFUSED), 4 times');
  });

  test('the password is wrong', async () => {
    const project = await secondPublish();
    const { code, stderr } = await project.publish(project.second, {
      env: { CI_REGISTRY_PASSWORD: 'wrong' },
    });
    expect(code).toBe(2);
    expect(sentences(stderr, project)).toContain(
      "does not let GET http://<host>/token in (401): the job's log-in (CI_REGISTRY_USER, or DOCKER_AUTH_CONFIG) needs leave to pull",
    );
  });

  test('what a tag names now is not readable', async () => {
    const project = await secondPublish();
    project.registry.faultFor = (request) =>
      request === 'GET group/app:main' ? refuses(500, 'UNKNOWN') : undefined;
    const { code, stderr } = await project.publish(project.second);
    expect(code).toBe(2);
    expect(sentences(stderr, project)).toBe(
      'affected: no tag was moved: app: http://<host> failed to answer GET http://<host>/v2/group/app/manifests/main (500) [not-published]\n',
    );
    expect(project.tags()).toEqual(project.before);
  });
});

describe('without the order of commits nothing moves', () => {
  const unknown = (detail: string, branch = 'main') =>
    `affected: no tag was moved: whether a newer commit of ${branch} is published can't be known: ${detail}. Run the job again when it can. [unknown-order]\n`;

  test('the branch is gone', async () => {
    const project = await secondPublish();
    const { dir } = await runnerCheckout({ ...project, commit: project.second, branch: 'main', depth: 1 });
    await project.server.git('branch', '-m', 'main', 'trunk');
    const { code, stderr } = await project.publish(project.second, { cwd: dir });
    expect({ code, text: sentences(stderr, project) }).toEqual({
      code: 2,
      text: unknown('origin has no branch main'),
    });
    expect(project.tags()).toEqual(project.before);
  });

  test('origin can’t be reached', async () => {
    const project = await secondPublish();
    const { dir } = await runnerCheckout({ ...project, commit: project.second, branch: 'main', depth: 1 });
    await project.server.remove();
    const { code, stderr } = await project.publish(project.second, { cwd: dir });
    expect(code).toBe(2);
    expect(stderr).toMatch(/is published can't be known: .*does not appear to be a git repository/);
    expect(project.tags()).toEqual(project.before);
  });

  test('there is no repository', async () => {
    const project = await secondPublish();
    const cwd = await mkdtemp(join(tmpdir(), 'affected-nowhere-'));
    onTestFinished(() => rm(cwd, { recursive: true }));
    const { code, stderr } = await project.publish(project.second, { cwd });
    expect({ code, text: sentences(stderr, project) }).toEqual({
      code: 2,
      text: unknown(`${cwd} is not in a git repository: run affected inside one, or name one with --cwd`),
    });
    expect(project.tags()).toEqual(project.before);
  });

  test('the branch is not known', async () => {
    const project = await secondPublish();
    const { code, stderr } = await project.publish(project.second, { env: { CI_COMMIT_BRANCH: '' } });
    expect({ code, text: sentences(stderr, project) }).toEqual({
      code: 2,
      text: unknown('CI_COMMIT_BRANCH is not set', 'the branch'),
    });
  });
});

describe('a tag that can’t be put', () => {
  test.each<[string, Fault, string]>([
    [
      'immutable (405)',
      refuses(405, 'UNSUPPORTED'),
      '(405 UNSUPPORTED): a rule of the registry may make the tag immutable',
    ],
    [
      'immutable (409)',
      refuses(409, 'TAG_IMMUTABLE'),
      '(409 TAG_IMMUTABLE): a rule of the registry may make the tag immutable',
    ],
    [
      'protected (403)',
      refuses(403, 'DENIED'),
      "(403): the job's log-in (CI_REGISTRY_USER, or DOCKER_AUTH_CONFIG) needs leave to push, and no rule of the registry may protect the tag from it",
    ],
    [
      'a part is gone (404)',
      refuses(404, 'MANIFEST_BLOB_UNKNOWN'),
      '(404 MANIFEST_BLOB_UNKNOWN): the repository, or a part of the image, is no longer there',
    ],
  ])('%s: those moved before go back', async (_, fault, words) => {
    const project = await secondPublish();
    project.registry.faultFor = (request) => (request === 'PUT group/app:main' ? fault : undefined);
    const { code, stderr } = await project.publish(project.second);
    expect(code).toBe(2);
    const text = sentences(stderr, project);
    expect(text.split('\n').slice(0, 1)[0]).toContain(
      'affected: app:main could not be put on <digest 1>: http://<host> ',
    );
    expect(text).toContain(words);
    expect(text.split('\n').slice(1)).toEqual([
      '  app:main is as it was',
      '  back on what they named before: app:latest',
      '  new, and there to stay: app:<short 1>, app:commit-<commit 1>',
      '  Run the job again when that is mended: it puts what is left. [tag-not-moved]',
      '',
    ]);
    expect(project.tags()).toMatchObject({ latest: 0, main: 0 });
    project.registry.faultFor = undefined;
    expect(await project.publish(project.second)).toMatchObject({ code: 0 });
    expect(project.tags()).toMatchObject({ latest: 1, main: 1 });
  });

  test.each([0, 1, 2, 3])(
    'as number %i: what stood before stands, and running it again finishes it',
    async (number) => {
      const project = await secondPublish();
      let puts = 0;
      project.registry.faultFor = (request) =>
        request.startsWith('PUT') && puts++ === number ? refuses(400, 'TAG_INVALID') : undefined;
      expect(await project.publish(project.second)).toMatchObject({ code: 2 });
      expect(project.tags()).toMatchObject(project.before);
      project.registry.faultFor = undefined;
      expect(await project.publish(project.second)).toMatchObject({ code: 0 });
      expect(project.tags()).toEqual({
        ...project.before,
        latest: 1,
        main: 1,
        [project.second.slice(0, 8)]: 1,
        [`commit-${project.second}`]: 1,
      });
    },
  );

  test('and can’t be put back is named', async () => {
    const project = await secondPublish();
    let isDown = false;
    project.registry.faultFor = (request) => {
      isDown ||= request === 'PUT group/app:main';
      return isDown && request.startsWith('PUT') ? refuses(403, 'DENIED') : undefined;
    };
    const { code, stderr } = await project.publish(project.second);
    expect(code).toBe(2);
    expect(sentences(stderr, project)).toMatch(
      /\n {2}moved, and could not be put back: app:latest \(http:\/\/<host> does not let PUT \S+\/latest in \(403\)/,
    );
    expect(project.tags()).toMatchObject({ latest: 1, main: 0 });
  });

  test('for want of the right to push', async () => {
    const project = await secondPublish();
    project.registry.rights.delete('push');
    const { code, stderr } = await project.publish(project.second);
    expect(code).toBe(2);
    expect(stderr).toContain('needs leave to push');
    expect(project.tags()).toEqual(project.before);
    // It was asked for: the first token lets nobody push.
    expect(project.registry.requests).toContainEqual(
      expect.stringContaining(encodeURIComponent('repository:group/app:pull,push')),
    );
  });
});

describe('what passes is tried again', () => {
  test('too many requests, a gateway that fails, a connection that breaks before and after the tag is put', async () => {
    const project = await secondPublish();
    const faults = new Map<string, Fault[]>([
      [`GET group/app:${digestOf(imageOf(project.second))}`, [tooManyRequests('0')]],
      [`PUT group/app:${project.second.slice(0, 8)}`, [{ kind: 'cut' }]],
      ['PUT group/app:latest', [{ kind: 'cut-in-body' }]],
      ['PUT group/app:main', [refuses(503, 'UNAVAILABLE')]],
    ]);
    project.registry.faultFor = (request) => faults.get(request)?.shift();
    const { code, stderr } = await project.publish(project.second);
    expect(code, stderr).toBe(0);
    expect([...faults.values()].flat()).toEqual([]);
    expect(stderr.match(/trying again/g)).toHaveLength(4);
    expect(project.tags()).toMatchObject({ latest: 1, main: 1, [project.second.slice(0, 8)]: 1 });
  });

  test('a tag that is put while no answer ever comes through is put', async () => {
    const project = await secondPublish();
    project.registry.faultFor = (request) =>
      request === 'PUT group/app:latest' ? { kind: 'cut-in-body' } : undefined;
    const { code, stderr } = await project.publish(project.second);
    expect(code, stderr).toBe(0);
    expect(project.tags()).toMatchObject({ latest: 1, main: 1 });
  });

  test('but not for ever', async () => {
    const project = await secondPublish();
    project.registry.faultFor = (request) =>
      request === 'PUT group/app:main' ? tooManyRequests('0') : undefined;
    const { code, stderr } = await project.publish(project.second);
    expect(code).toBe(2);
    expect(stderr).toContain('after too many requests (429), 4 times\n  app:main is as it was\n');
    expect(project.tags()).toMatchObject(project.before);
  });
});

test('a registry that makes something else of what it is given', async () => {
  const project = await secondPublish();
  const { registry, second } = project;
  registry.faultFor = (request) => {
    if (request !== 'PUT group/app:latest' || isMade) return undefined;
    isMade = true;
    registry.images.set('group/app:latest', imageOf('something else'));
    const answer = {
      status: 201,
      headers: { 'docker-content-digest': digestOf(imageOf('something else')) },
      body: '',
    };
    return { kind: 'answer', answer };
  };
  let isMade = false;
  const { code, stderr } = await project.publish(second);
  expect(code).toBe(2);
  const text = sentences(stderr, project);
  expect(text).toContain(
    'the registry was given <digest 1> for manifests/latest, and says that it is <digest> now',
  );
  expect(text).toContain('\n  back on what they named before: app:latest\n');
  expect(text).toContain('\n  not tried: app:main\n');
  expect(project.tags()).toMatchObject(project.before);
});

test.each<[string, number]>([
  ['what app:latest names now is not known', 0],
  ['moved, and could not be put back: app:latest', 1],
])('a registry that goes away in the middle: %s', async (words, published) => {
  const { registry, publish, commits } = await publishProject();
  if (published > 0) await publish(commits[0] as string);
  let isGone = false;
  registry.faultFor = (request) => {
    isGone ||= request === 'PUT group/app:latest';
    return isGone ? refuses(500, 'UNKNOWN') : undefined;
  };
  const { code, stderr } = await publish(commits[1] as string);
  expect(code).toBe(2);
  expect(stderr).toContain(`\n  ${words}`);
});
