import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseArguments } from '../../src/arguments.ts';
import { compare } from '../../src/commands/compare.ts';
import type { Compared } from '../../src/commands/compare-with-base.ts';
import { createFingerprinter, fingerprintsAtHead } from '../../src/commands/load-fingerprints.ts';
import { locate } from '../../src/commands/locate.ts';
import { commitGenerated } from '../support/commit-generated.ts';
import { historyOf } from '../support/generated-repository.ts';
import { createRepository, type TestRepository } from '../support/repository.ts';
import { runs } from '../support/runs.ts';

async function compared({ dir }: TestRepository, base: string): Promise<Compared> {
  const parsed = parseArguments(['--base', base]);
  const surroundings = {
    argv: [],
    env: {},
    cwd: dir,
    version: '',
    isTerminal: false,
    stderrIsTerminal: false,
    stdout: () => {},
    stderr: () => {},
  };
  const location = locate({ values: parsed.values, surroundings });
  return compare({ ...parsed, surroundings, location, includeWorkingTree: false });
}

function computed(repository: TestRepository, commit: string) {
  return createFingerprinter({ repository: { root: repository.dir }, override: undefined })(commit);
}

test('some images come with all they are built from, and no others', async () => {
  const repository = await createRepository();
  const base = await repository.commit({
    'base/Dockerfile': 'FROM scratch\n',
    'java/Dockerfile': 'FROM base\n',
    'app/Dockerfile': 'FROM java\nCOPY --from=tool / /\n',
    'tool/Dockerfile': 'FROM scratch\n',
    'other/Dockerfile': 'FROM java\n',
  });
  const { head } = await compared(repository, base);
  const some = await fingerprintsAtHead(head, ['app']);
  expect([...some.keys()].sort()).toEqual(['app', 'base', 'java', 'tool']);
  const all = (await computed(repository, base)).fingerprints;
  for (const [name, found] of some) expect(found).toEqual(all.get(name));
});

test('an ignore file that the comparison had no need of counts', async () => {
  const repository = await createRepository();
  const base = await repository.commit({
    'base/Dockerfile': 'FROM scratch\nCOPY . /\n',
    'base/.dockerignore': 'x\n',
    'base/x': '1',
    'app/Dockerfile': 'FROM base\n',
  });
  const commit = await repository.commit({ 'app/Dockerfile': 'FROM base\nUSER 1\n' });
  const { head } = await compared(repository, base);
  expect(head.side.images.get('base')?.inputs.ignoreFile?.text).toBeUndefined();
  const found = await fingerprintsAtHead(head, ['app']);
  expect(found).toEqual((await computed(repository, commit)).fingerprints);
});

test('an ignore file that does not parse leaves its image unknown, and who is built from it', async () => {
  const repository = await createRepository();
  const base = await repository.commit({
    'base/Dockerfile': 'FROM scratch\nCOPY . /\n',
    'base/.dockerignore': '[\n',
    'app/Dockerfile': 'FROM base\n',
    'other/Dockerfile': 'FROM scratch\n',
  });
  await repository.commit({
    'app/Dockerfile': 'FROM base\nUSER 1\n',
    'other/Dockerfile': 'FROM scratch\nUSER 1\n',
  });
  const found = await fingerprintsAtHead((await compared(repository, base)).head, ['app', 'other']);
  expect([...found].map(([name, { known }]) => [name, known]).sort()).toEqual([
    ['app', false],
    ['base', false],
    ['other', true],
  ]);
});

test('of generated repositories, they are those that are computed from the objects alone', async () => {
  const repository = await createRepository();
  await fc.assert(
    fc.asyncProperty(historyOf(2), async ([before, after]) => {
      const base = await commitGenerated(repository, before);
      const commit = await commitGenerated(repository, after);
      const { head } = await compared(repository, base);
      const { fingerprints } = await computed(repository, commit);
      expect(await fingerprintsAtHead(head, head.side.images.keys())).toEqual(fingerprints);
    }),
    { numRuns: runs(8) },
  );
});
