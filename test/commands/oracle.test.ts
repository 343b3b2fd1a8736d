import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { affectedByBruteForce } from '../support/brute-force.ts';
import { cliJson } from '../support/cli.ts';
import { filesOf, type GeneratedRepository, historyOf, settingsOf } from '../support/generated-repository.ts';
import { createRepository, type Files, type FileSpec, type TestRepository } from '../support/repository.ts';
import { runs } from '../support/runs.ts';

test('between two commits, what is read once for both is what reading each would be', async () => {
  const repository = await createRepository();
  await fc.assert(
    fc.asyncProperty(historyOf(2), async ([before, after]) => {
      const base = await commit(repository, before);
      const head = await commit(repository, after);
      const { affected } = await cliJson(repository.dir, ['--base', base, '--head', head]);
      const names = affected.map(({ name }) => name);
      expect(names.toSorted()).toEqual(affectedByBruteForce(before, after).toSorted());
    }),
    { numRuns: runs(25) },
  );
});

/** Commits exactly these files, and the config that goes with them. */
async function commit(repository: TestRepository, state: GeneratedRepository): Promise<string> {
  await repository.git('rm', '-r', '-q', '--ignore-unmatch', '.');
  const files = Object.entries(filesOf(state)).map(([path, file]): [string, FileSpec] => [
    path,
    specOf(file),
  ]);
  const entries: Files = [...files, ['affected.yml', stringify(settingsOf(state))]];
  return repository.commit(entries);
}

function specOf(file: ReturnType<typeof filesOf>[string]): FileSpec {
  if (typeof file === 'string') return file;
  if ('executable' in file) return { content: file.executable, mode: '100755' };
  if ('symlink' in file) return { symlink: file.symlink };
  if ('submodule' in file) return { submodule: file.submodule };
  throw new Error('a clone that lacks the blob is not meant here');
}
