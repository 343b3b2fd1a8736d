import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { createRepository, type TestRepository } from '../support/repository.ts';
import { mergeRequest, pipeline, runnerCheckout } from '../support/runner-checkout.ts';

async function repositoryOfTwo(): Promise<TestRepository> {
  const repository = await createRepository();
  await repository.commit({
    'a/Dockerfile': 'FROM scratch\n',
    'b/Dockerfile': 'FROM a\n',
    'c/Dockerfile': 'FROM scratch\n',
  });
  return repository;
}

/** A commit that changes no image, with this message. */
async function commitSaying(repository: TestRepository, message: string): Promise<string> {
  await repository.git('commit', '--quiet', '--allow-empty', '--message', message);
  return repository.git('rev-parse', 'HEAD');
}

test('a trailer of the head builds images, and what is built on them', async () => {
  const repository = await repositoryOfTwo();
  const commit = await commitSaying(repository, 'x\n\nAffected: a');
  const comparison = await cliJson(repository.dir, ['--base', 'HEAD~1']);
  expect(comparison.affected.map(({ name, reasons }) => [name, reasons])).toEqual([
    ['a', [{ kind: 'requested', by: `trailer of ${commit.slice(0, 10)}` }]],
    ['b', [{ kind: 'dependency', image: 'a', instruction: 'FROM' }]],
  ]);
  const { stdout } = await cli(repository.dir, ['--base', 'HEAD~1']);
  expect(stdout).toContain(`asked for by trailer of ${commit.slice(0, 10)}`);
});

test('an older trailer does not count, nor what --what-if supposes', async () => {
  const repository = await repositoryOfTwo();
  await commitSaying(repository, 'x\n\nAffected: all');
  expect(namesOf(await cliJson(repository.dir, ['--what-if', 'c/Dockerfile']))).toEqual(['c']);
  await commitSaying(repository, 'y');
  expect(namesOf(await cliJson(repository.dir, ['--base', 'HEAD~2']))).toEqual([]);
});

test('a trailer counts also where git gives up over damaged objects', async () => {
  const repository = await repositoryOfTwo();
  const names = Array.from({ length: 6 }, (_, index) => `aa${index}`);
  await repository.commit(
    Object.fromEntries(names.map((name) => [`${name}/Dockerfile`, `FROM scratch\n# ${name}\n`])),
  );
  const commit = await commitSaying(repository, 'x\n\nAffected: c');
  for (const name of names) {
    const id = await repository.git('rev-parse', `HEAD:${name}/Dockerfile`);
    const file = join(repository.dir, '.git/objects', id.slice(0, 2), id.slice(2));
    await chmod(file, 0o644);
    await writeFile(file, deflateSync('blob 9\0'));
  }
  const { affected } = await cliJson(repository.dir, ['--base', 'HEAD~1', '--head', 'HEAD']);
  expect(affected.find(({ name }) => name === 'c')?.reasons).toContainEqual({
    kind: 'requested',
    by: `trailer of ${commit.slice(0, 10)}`,
  });
});

test('a trailer that stands where it is none is told', async () => {
  const repository = await repositoryOfTwo();
  const commit = await commitSaying(repository, 'x\n\nAffected: a\n\nmore text');
  const { stdout, stderr, code } = await cli(repository.dir, ['--base', 'HEAD~1', '--json']);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { affected: [] }]);
  expect(stderr).toContain(`trailer of ${commit.slice(0, 10)}: a line "Affected: …" asks for nothing`);
});

test('a label of the merge request does', async () => {
  const repository = await repositoryOfTwo();
  const env = { CI_MERGE_REQUEST_LABELS: 'bug,affected:c' };
  expect(namesOf(await cliJson(repository.dir, ['--base', 'HEAD'], { env }))).toEqual(['c']);
});

test('a name that is no image builds all', async () => {
  const repository = await repositoryOfTwo();
  await commitSaying(repository, 'x\n\nAffected: d');
  const comparison = await cliJson(repository.dir, ['--base', 'HEAD~1']);
  expect(namesOf(comparison)).toEqual(['a', 'c', 'b']);
  expect(comparison.widened).toMatchObject([{ scope: 'all', code: 'unknown-request' }]);
  expect((await cli(repository.dir, ['--base', 'HEAD~1', '--strict'])).code).toBe(2);
});

test.each([1, 20])(
  'of merged results, the source branch’s newest commit counts (depth %i)',
  async (depth) => {
    const server = await repositoryOfTwo();
    const target = await server.git('rev-parse', 'HEAD');
    await server.git('checkout', '--quiet', '-b', 'topic');
    const source = await commitSaying(server, 'x\n\nAffected: c');
    await server.git('checkout', '--quiet', '--detach', target);
    await server.git('merge', '--quiet', '--no-ff', 'topic');
    const commit = await server.git('rev-parse', 'HEAD');
    const checkout = await runnerCheckout({ server, commit, depth });
    const env = {
      ...mergeRequest,
      CI_MERGE_REQUEST_EVENT_TYPE: 'merged_result',
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: target,
    };
    const comparison = await cliJson(checkout.dir, [], { env });
    expect(comparison.affected.map(({ name, reasons }) => [name, reasons])).toEqual([
      ['c', [{ kind: 'requested', by: `trailer of ${source.slice(0, 10)}` }]],
    ]);
  },
);

test.each<[string, Record<string, string>]>([
  ['in CI, where origin does not give it', pipeline],
  ['outside CI, where nothing is fetched', {}],
])('a merged commit that can’t be had may ask for all: %s', async (_, env) => {
  const server = await repositoryOfTwo();
  await server.git('checkout', '--quiet', '-b', 'topic');
  const source = await commitSaying(server, 'x\n\nAffected: c');
  await server.git('checkout', '--quiet', '--detach', 'HEAD~1');
  await server.git('merge', '--quiet', '--no-ff', 'topic');
  const commit = await server.git('rev-parse', 'HEAD');
  const checkout = await runnerCheckout({ server, commit, depth: 1 });
  await checkout.git('remote', 'set-url', 'origin', 'file:///nonexistent');
  const comparison = await cliJson(checkout.dir, ['--base', 'HEAD'], { env });
  expect(namesOf(comparison)).toEqual(['a', 'c', 'b']);
  expect(comparison.widened).toMatchObject([
    { scope: 'all', code: 'unknown-request', detail: expect.stringContaining(source) },
  ]);
});

test('verify and backtest look at what changed, not at what was asked for', async () => {
  const repository = await repositoryOfTwo();
  await commitSaying(repository, 'x\n\nAffected: all');
  const { stdout, code } = await cli(repository.dir, ['backtest', '--json', '--commits', '1']);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { affected: [] }]);
  expect((await cli(repository.dir, ['verify', '--base', 'HEAD~1'])).code).toBe(0);
});
