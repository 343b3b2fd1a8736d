import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TestRepository } from './repository.ts';

/**
 * Remembers a clone as it is. What is returned expects that nothing a person or a later job could notice has changed:
 * no ref, no setting, not HEAD, the index or a file; no history lost, no lock left, and all objects sound. The part of a
 * pack that came before a connection broke may lie about: no git reads it, and its next `gc` takes it away.
 */
export async function watchClone(clone: TestRepository): Promise<() => Promise<void>> {
  const [before, history] = await Promise.all([stateOf(clone), historyOf(clone)]);
  return async () => {
    const [after, later, cuts] = await Promise.all([stateOf(clone), historyOf(clone), cutsOf(clone)]);
    expect(after).toEqual(before);
    expect([...history].filter((commit) => !later.has(commit))).toEqual([]);
    for (const cut of cuts) expect(await clone.git('cat-file', '-t', cut)).toBe('commit');
    await clone.git('fsck', '--connectivity-only', '--no-dangling');
  };
}

async function stateOf(clone: TestRepository) {
  const gitFile = (name: string) => readFile(join(clone.dir, '.git', name), 'latin1');
  const [refs, status, head, index, config, files] = await Promise.all([
    clone.git('for-each-ref'),
    clone.git('--no-optional-locks', 'status', '--porcelain'),
    gitFile('HEAD'),
    gitFile('index'),
    gitFile('config'),
    readdir(join(clone.dir, '.git'), { recursive: true }),
  ]);
  const left = files.filter((name) => /\.lock$|FETCH_HEAD$/.test(name));
  return { refs, status, head, index, config, left };
}

async function historyOf(clone: TestRepository): Promise<Set<string>> {
  return new Set((await clone.git('rev-list', '--all', 'HEAD')).split('\n'));
}

async function cutsOf(clone: TestRepository): Promise<string[]> {
  const text = await readFile(join(clone.dir, '.git', 'shallow'), 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
}
