import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveRevision, resolveRevisions } from '../../src/git/revisions.ts';
import { createRepository } from '../support/repository.ts';

const option = '--since';

describe('resolveRevisions', () => {
  test('finds commits by every kind of name, in order', async () => {
    const repository = await createRepository();
    const first = await repository.commit({ a: '1' });
    const second = await repository.commit({ a: '2' });
    await repository.git('tag', '--annotate', 'v1', first, '--message', 'x');
    const revisions = ['HEAD', 'nope', 'main~1', 'v1', first.slice(0, 10), second, 'HEAD:a', ''];
    expect(await resolveRevisions({ root: repository.dir }, revisions)).toEqual([
      second,
      undefined,
      first,
      first,
      first,
      second,
      undefined,
      undefined,
    ]);
  });

  test.each(['-rf', '--help', '$(touch canary)', "a'b", 'a"b', 'x;touch canary', 'ünïcode', '#1', 'a|b'])(
    'takes %j for a branch and nothing else',
    async (name) => {
      const repository = await createRepository();
      const commit = await repository.commit({ a: '1' });
      const found = () => resolveRevisions({ root: repository.dir }, [name, 'main']);
      expect(await found()).toEqual([undefined, commit]);
      const isRefName = !name.includes(' ');
      if (isRefName) {
        await repository.git('update-ref', `refs/heads/${name}`, commit);
        expect(await found()).toEqual([commit, commit]);
      }
      expect(existsSync(join(repository.dir, 'canary'))).toBe(false);
    },
  );

  test('does not take one name for two', async () => {
    const repository = await createRepository();
    const commit = await repository.commit({ a: '1' });
    expect(await resolveRevisions({ root: repository.dir }, ['main\nmain', 'main\0', 'main'])).toEqual([
      undefined,
      undefined,
      commit,
    ]);
  });
});

describe('resolveRevision', () => {
  test('finds a branch that only origin has', async () => {
    const server = await createRepository();
    const commit = await server.commit({ a: '1' });
    await server.git('branch', 'topic/x');
    const { dir } = await server.clone();
    expect(await resolveRevision({ repository: { root: dir }, revision: 'topic/x', option })).toBe(commit);
  });

  test('prefers the branch of this clone', async () => {
    const server = await createRepository();
    await server.commit({ a: '1' });
    const clone = await server.clone();
    const ours = await clone.commit({ a: '2' });
    expect(await resolveRevision({ repository: { root: clone.dir }, revision: 'main', option })).toBe(ours);
  });

  test.each(['HEAD', 'HEAD~1', 'HEAD^', 'HEAD@{1}', '@'])(
    'does not ask origin for %s, which means this clone',
    async (revision) => {
      const server = await createRepository();
      await server.commit({ a: '1' });
      await server.commit({ a: '2' });
      const clone = await server.clone();
      await clone.git('checkout', '--quiet', '--orphan', 'alone');
      await clone.git('reflog', 'expire', '--expire=now', '--all');
      await expect(
        resolveRevision({ repository: { root: clone.dir }, revision, option }),
      ).rejects.toMatchObject({
        code: 'unknown-revision',
      });
    },
  );

  test('says what to do about a name nobody knows', async () => {
    const repository = await createRepository();
    await repository.commit({ a: '1' });
    const revision = 'mian';
    await expect(resolveRevision({ repository: { root: repository.dir }, revision, option })).rejects.toThrow(
      '--since: "mian" names no commit here: check the spelling, or fetch it with git fetch origin.',
    );
    const { dir } = await repository.clone('--depth=1');
    await expect(resolveRevision({ repository: { root: dir }, revision, option })).rejects.toThrow(
      '--since: "mian" names no commit here, and this is a shallow clone: fetch it, or run git fetch --unshallow.',
    );
  });

  test('says so when nothing was ever committed', async () => {
    const repository = { root: (await createRepository()).dir };
    await expect(resolveRevision({ repository, revision: 'HEAD', option: '--head' })).rejects.toMatchObject({
      code: 'unknown-revision',
      message: '--head: HEAD names no commit yet: commit something first, or name a commit.',
    });
  });
});
