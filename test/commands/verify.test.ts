import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { stringify } from 'yaml';
import type * as DirectReasonsModule from '../../src/affected/direct-reasons.ts';
import { createFingerprinter } from '../../src/commands/load-fingerprints.ts';
import type { Verification } from '../../src/render/verification.ts';
import { cli, cliJson } from '../support/cli.ts';
import { filesOf, type GeneratedRepository, historyOf, settingsOf } from '../support/generated-repository.ts';
import { createRepository, type Files, type FileSpec, type TestRepository } from '../support/repository.ts';
import { runs } from '../support/runs.ts';

/** What a selection with a defect would leave out, or add. */
const defect: { forgets?: string | undefined; adds?: string | undefined } = {};

vi.mock('../../src/affected/direct-reasons.ts', async (importOriginal) => {
  const original = await importOriginal<typeof DirectReasonsModule>();
  return {
    directReasons: (options: Parameters<typeof original.directReasons>[0]) => {
      const found = original.directReasons(options);
      if (defect.forgets) found.reasons.delete(defect.forgets);
      if (defect.adds) {
        found.reasons.set(defect.adds, [
          { kind: 'declared-input', glob: 'z', path: 'z', status: 'modified' },
        ]);
      }
      return found;
    },
  };
});

afterEach(() => {
  defect.forgets = undefined;
  defect.adds = undefined;
});

const FILES: Files = {
  'base/Dockerfile': 'FROM scratch\nCOPY x /\n',
  'base/x': '1',
  'app/Dockerfile': 'FROM base\nCOPY . /\n',
  'app/y': '1',
};

const verify = (dir: string, ...argv: string[]) => cliJson<Verification>(dir, ['verify', ...argv]);

describe('two commits', () => {
  test('agree', async () => {
    const { dir, commit } = await createRepository();
    await commit(FILES);
    await commit({ 'base/x': '2', 'README.md': '1' });
    expect(await verify(dir, '--base', 'HEAD~1')).toEqual({
      commits: 1,
      images: 2,
      affected: 2,
      changed: 2,
      surplus: {},
      disagreements: [],
      refused: [],
    });
    const { stdout, code } = await cli(dir, ['verify', '--base', 'HEAD~1', '--head', 'HEAD']);
    expect({ stdout, code }).toEqual({
      stdout: '1 comparison of 2 images in sum: 2 affected, 2 had to be.\nNo disagreements.\n',
      code: 0,
    });
  });

  test('uncommitted work counts for neither side', async () => {
    const { dir, commit, write } = await createRepository();
    await commit(FILES);
    await write({ 'base/x': '2' });
    expect(await verify(dir, '--base', 'HEAD')).toMatchObject({ affected: 0, changed: 0 });
  });

  test('what is affected without a changed input is told by its reason', async () => {
    const { dir, commit } = await createRepository();
    await commit(FILES);
    await commit({ 'affected.yml': 'registry: r.example.com/g\n' });
    expect(await verify(dir, '--base', 'HEAD~1')).toMatchObject({
      affected: 2,
      changed: 0,
      surplus: { 'config registry': 2 },
      disagreements: [],
    });
    const { stdout } = await cli(dir, ['verify', '--base', 'HEAD~1']);
    expect(stdout).toContain('Affected without a changed input: 2 by config registry.\n');
  });

  test('a base that can’t be read is one of which nothing is known', async () => {
    const { dir, commit } = await createRepository();
    await commit({ ...FILES, 'affected.yml': 'nonsense: 1\n' });
    await commit({ 'affected.yml': null });
    expect(await verify(dir, '--base', 'HEAD~1')).toMatchObject({
      affected: 2,
      changed: 2,
      disagreements: [],
    });
  });

  test('of a file that is declared by keys only these count', async () => {
    const { dir, commit } = await createRepository();
    const config = 'images: {app: {inputs: [{paths: [v.json], keys: [a]}]}}\n';
    await commit({ ...FILES, 'affected.yml': config, 'v.json': '{"a": 1, "b": 1}' });
    await commit({ 'v.json': '{"a": 1, "b": 2}' });
    await commit({ 'v.json': '{"a": 2, "b": 2}' });
    expect(await verify(dir, '--commits', '9')).toMatchObject({ commits: 2, changed: 1, disagreements: [] });
  });

  test('a config that is named holds for both computations', async () => {
    const { dir, commit, write } = await createRepository();
    await commit(FILES);
    await commit({ 'app/y': '2' });
    await write({ 'other.yml': 'discover: {exclude: [app/**]}\n' });
    expect(await verify(dir, '--base', 'HEAD~1', '--config', `${dir}/other.yml`)).toMatchObject({
      images: 1,
      changed: 0,
      disagreements: [],
    });
  });

  test.each([
    ['a base', ['--commits', '1']],
    ['a head', ['--range', 'HEAD~2..HEAD~1']],
  ])('%s that git can’t read is an error, and none that says nothing', async (_, argv) => {
    const { dir, commit, git } = await createRepository();
    for (const y of ['1', '2', '3']) await commit({ ...FILES, 'app/y': y });
    const tree = await git('rev-parse', 'HEAD~1^{tree}');
    await rm(join(dir, '.git/objects', tree.slice(0, 2), tree.slice(2)));
    const { code, stdout, stderr } = await cli(dir, ['verify', ...argv]);
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining('[git-failed]')]);
  });

  test.each([
    ['the last commits', 'HEAD', ['--commits', '9']],
    ['of another head', 'main', ['--commits', '9', '--head', 'main']],
    ['a range', 'HEAD..HEAD', ['--range', 'HEAD..HEAD']],
  ])('to have compared nothing is no proof: %s', async (_, where, argv) => {
    const repository = await createRepository();
    await repository.commit(FILES);
    await repository.commit({ 'app/y': '2' });
    const { dir } = await repository.clone('--depth=1');
    const { code, stdout, stderr } = await cli(dir, ['verify', ...argv]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^affected: there is nothing to verify in .*shallow.* \[nothing-to-verify\]\n$/);
    expect(stderr).toContain(`in ${where}: `);
  });

  test('nor is it where there is no image', async () => {
    const { dir, commit } = await createRepository();
    await commit({ a: '1' });
    await commit({ a: '2' });
    const { code, stdout } = await cli(dir, ['verify', '--commits', '1']);
    expect([code, stdout]).toEqual([
      2,
      '1 comparison of 0 images in sum: 0 affected, 0 had to be.\nNone of the heads has an image: is "discover" right in affected.yml?\n',
    ]);
  });

  test('nor is it where no head could be', async () => {
    const { dir, commit } = await createRepository();
    await commit(FILES);
    await commit({ 'app/Dockerfile': 'FORM base\n' });
    const { code, stdout } = await cli(dir, ['verify', '--commits', '9']);
    expect(code).toBe(2);
    expect(stdout).toContain("1 head can't be compared:\n");
    expect(stdout).not.toContain('No disagreements');
  });

  test('a head that a person can mend is an error', async () => {
    const { dir, commit } = await createRepository();
    await commit(FILES);
    await commit({ 'app/Dockerfile': 'FORM base\n' });
    const { code, stderr } = await cli(dir, ['verify', '--base', 'HEAD~1']);
    expect(code).toBe(2);
    expect(stderr).toContain('app/Dockerfile:1:1');
  });
});

describe('a selection with a defect is caught', () => {
  test('when it misses an image', async () => {
    const { dir, commit } = await createRepository();
    await commit(FILES);
    await commit({ 'app/y': '2', 'base/x': '2' }, 'a larger one');
    const before = await commit({ 'README.md': '1' });
    const after = await commit({ 'app/y': '3' });
    defect.forgets = 'app';
    const { code, stdout } = await cli(dir, ['verify', '--commits', '9']);
    expect(code).toBe(1);
    expect(stdout).toBe(`3 comparisons of 6 images in sum: 2 affected, 3 had to be.
1 disagreement; the smallest:
  affected --base ${before} --head ${after}
  app has to be built and is not affected: context differs (y)
  changed paths:
    app/y
This is a defect of affected; report what stands here.
`);
  });

  test('the smallest of several is told', async () => {
    const { dir, commit } = await createRepository();
    await commit(FILES);
    await commit({ 'app/y': '2', 'README.md': '1' });
    const smallest = await commit({ 'app/y': '3' });
    await commit({ 'app/y': '4', 'README.md': '2' });
    defect.forgets = 'app';
    const { stdout } = await cli(dir, ['verify', '--commits', '9']);
    expect(stdout).toMatch(new RegExp(`\n3 disagreements; the smallest:\n.* --head ${smallest}\n`));
  });

  test('when it builds one for no reason', async () => {
    const { dir, commit } = await createRepository();
    await commit(FILES);
    await commit({ 'README.md': '1' });
    defect.adds = 'base';
    const { code, stdout } = await cli(dir, ['verify', '--commits', '1', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      disagreements: [
        { image: 'base', kind: 'needless', difference: { kind: 'same' }, changedPaths: ['README.md'] },
        { image: 'app', kind: 'needless', reasons: [{ kind: 'dependency', image: 'base' }] },
      ],
    });
  });
});

describe('many commits', () => {
  async function history(): Promise<TestRepository> {
    const repository = await createRepository();
    const { commit, git } = repository;
    await commit(FILES);
    await commit({ 'app/y': '2' });
    await commit({ 'app/Dockerfile': 'FORM base\n' });
    await commit({ 'app/Dockerfile': 'FROM base\n' });
    await git('checkout', '-q', '-b', 'side', 'HEAD~1');
    await commit({ side: '1' });
    await git('checkout', '-q', 'main');
    await git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
    return repository;
  }

  test('each that is no merge is compared with its first parent, broken heads are counted', async () => {
    const { dir, git } = await history();
    const broken = [await git('rev-parse', 'main~2'), await git('rev-parse', 'side')];
    const found = await verify(dir, '--commits', '10');
    expect(found).toMatchObject({ commits: 2, disagreements: [] });
    expect(found.refused.map(({ commit }) => commit)).toEqual(broken);
    const { stdout, code } = await cli(dir, ['verify', '--commits', '10']);
    expect(stdout).toContain(`2 heads can't be compared:\n  ${broken[0]?.slice(0, 12)} app/Dockerfile:1:1: `);
    expect(code).toBe(0);
  });

  test('a range is what the second has and the first lacks; the newest are counted', async () => {
    const { dir } = await history();
    const refused = await cli(dir, ['verify', '--range', 'main~3..main~2', '--json']);
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({ commits: 0, refused: [{}] });
    expect(await verify(dir, '--range', 'side..')).toMatchObject({ commits: 1, refused: [] });
    expect(await verify(dir, '--commits', '1', '--head', 'main~3')).toMatchObject({ commits: 1 });
    expect(await verify(dir, '--commits', '2', '--head', 'main~3')).toMatchObject({ commits: 1 });
  });

  test.each([
    ['nothing', [], 'takes one of --base, --range and --commits'],
    ['two', ['--base', 'HEAD', '--commits', '1'], 'takes one of'],
    ['no number', ['--commits', 'x'], '--commits "x"'],
    ['no range', ['--range', 'a'], '--range "a": write A..B, such as main..HEAD [usage]'],
    ['another kind of range', ['--range', 'HEAD~1...HEAD'], '--range "HEAD~1...HEAD": write A..B'],
    ['a range and a head', ['--range', 'HEAD~1..HEAD', '--head', 'HEAD'], '--head does not go with --range'],
    ['an unknown end', ['--range', 'HEAD..none'], '--range: "none" names no commit here'],
  ])('%s is refused', async (_, argv, message) => {
    const { dir, commit } = await createRepository();
    await commit(FILES);
    await commit({ x: '1' });
    const { code, stderr } = await cli(dir, ['verify', ...argv]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('templates', () => {
  const templates = (script: string, other = '1') =>
    `.kaniko-build:\n  script: [${script}]\n.other:\n  script: [${other}]\n.more:\n  extends: .other\n`;

  test.each<[string, Files, number]>([
    ['what the image’s job extends', { 'ci-templates/t.yml': templates('b') }, 2],
    ['what only an image’s own jobs reach', { 'ci-templates/t.yml': templates('a', '2') }, 1],
    ['an image’s own jobs', { 'app/.gitlab-ci.yml': 'test:\n  extends: .other\n' }, 1],
    ['the layout of templates', { 'ci-templates/t.yml': `# why\n${templates('a')}` }, 0],
    ['a word that is no longer plain', { 'ci-templates/t.yml': templates('a').replace('[1]', '["1"]') }, 1],
  ])('%s: as many images change as should', async (_, files, changed) => {
    const { dir, commit } = await createRepository();
    const ciFile = 'test:\n  extends: .more\n';
    await commit({ ...FILES, 'ci-templates/t.yml': templates('a'), 'app/.gitlab-ci.yml': ciFile });
    await commit(files);
    expect(await verify(dir, '--base', 'HEAD~1')).toMatchObject({ changed, disagreements: [] });
  });

  test('that the packaged ones refer to are reached through these', async () => {
    const { dir, commit } = await createRepository();
    await commit(FILES);
    const login = { 'ci-templates/mine.yml': '.affected-login: {before_script: [login]}\n.unused: {a: b}\n' };
    await commit(login);
    const both = { affected: 2, changed: 2, disagreements: [] };
    expect(await verify(dir, '--base', 'HEAD~1')).toMatchObject(both);
    await commit({ 'ci-templates/mine.yml': null, 'ci-templates/kaniko.yml': '.unused: {c: d}\n' });
    expect(await verify(dir, '--base', 'HEAD~1')).toMatchObject(both);
    await commit({ 'ci-templates/kaniko.yml': '.unused: {e: f}\n' });
    expect(await verify(dir, '--base', 'HEAD~1')).toMatchObject({
      affected: 0,
      changed: 0,
      disagreements: [],
    });
  });

  test('that were broken count as whole files', async () => {
    const { dir, commit } = await createRepository();
    await commit({ ...FILES, 'ci-templates/t.yml': 'job:\n  script: [a]\n' });
    await commit({ 'ci-templates/t.yml': templates('a') });
    expect(await verify(dir, '--base', 'HEAD~1')).toMatchObject({ changed: 2, disagreements: [] });
    await commit({ 'ci-templates/t.yml': 'job: {}\n' });
    await commit({ 'app/y': '2' });
    expect(await verify(dir, '--base', 'HEAD~1')).toMatchObject({ changed: 1, disagreements: [] });
    await commit({ 'ci-templates/t.yml': null });
    expect(await verify(dir, '--base', 'HEAD~1')).toMatchObject({ changed: 2, disagreements: [] });
  });
});

test('fingerprints are the same in every clone', async () => {
  const repository = await createRepository();
  await repository.commit({ 'affected.yml': 'argsFile: args.env\n', 'args.env': 'A=1\n' });
  const commit = await repository.commit({ ...FILES, 'app/link': { symlink: '../base/x' } });
  const clones = [
    repository,
    await repository.clone('--depth=1'),
    await repository.clone('--bare'),
    await repository.clone('--no-checkout'),
  ];
  await repository.write({ 'app/y': 'uncommitted' });
  const [first, ...others] = await Promise.all(
    clones.map(async ({ dir }) => {
      const fingerprint = createFingerprinter({ repository: { root: dir }, override: undefined });
      return [...(await fingerprint(commit)).fingerprints];
    }),
  );
  expect(first).toHaveLength(2);
  expect(others).toEqual([first, first, first]);
});

test('the format is the one that is documented', async () => {
  const repository = await createRepository();
  const commit = await repository.commit(FILES);
  const fingerprint = createFingerprinter({ repository: { root: repository.dir }, override: undefined });
  const { fingerprints } = await fingerprint(commit);
  const hashes = [...fingerprints].map(([name, found]) => [name, found.known && found.sha256]);
  // Another hash here means that FORMAT has to be counted up.
  expect(Object.fromEntries(hashes)).toMatchInlineSnapshot(`
    {
      "app": "66128a50e7b4804ae1ce5213e287e8dc19f42a789a619ec51b19ff659976dbc2",
      "base": "ffc890f731b1ef86417980eefa41e83c05aef0be6b7d8d4edb3aaee292b8727f",
    }
  `);
});

test('of generated repositories, answers and fingerprints agree', async () => {
  const repository = await createRepository();
  await fc.assert(
    fc.asyncProperty(historyOf(2), async ([before, after]) => {
      const base = await commitAll(repository, before);
      const head = await commitAll(repository, after);
      expect((await verify(repository.dir, '--base', base, '--head', head)).disagreements).toEqual([]);
    }),
    { numRuns: runs(8) },
  );
});

/** Commits exactly these files, and the config that goes with them. */
async function commitAll(repository: TestRepository, state: GeneratedRepository): Promise<string> {
  await repository.git('rm', '-r', '-q', '--ignore-unmatch', '.');
  const files = Object.entries(filesOf(state)).map(([path, file]): [string, FileSpec] => [
    path,
    typeof file === 'string'
      ? file
      : { content: (file as { executable: string }).executable, mode: '100755' },
  ]);
  return repository.commit([...files, ['affected.yml', stringify(settingsOf(state))]]);
}
