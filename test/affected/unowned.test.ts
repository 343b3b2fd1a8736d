import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { unownedByBruteForce } from '../support/brute-force.ts';
import { type GeneratedRepository, filesOf, historyOf, settingsOf } from '../support/generated-repository.ts';
import { changesBetween, compare, type Files, side, type TestSide } from '../support/snapshot.ts';

type Settings = NonNullable<Parameters<typeof side>[1]>;

const files: Files = {
  'app/Dockerfile': 'FROM scratch\nCOPY src /\n',
  'app/src/a': '1',
  'whole/Dockerfile': 'FROM scratch\nCOPY lib /\n',
  'lib/x': '1',
  'tools/x.sh': '1',
  Makefile: '1',
};
const settings: Settings = { images: { whole: { context: '.' }, app: { inputs: ['versions/*.env'] } } };

/** The unowned paths of a change from `files`, in which undefined stands for a deletion. */
function unowned(
  change: Readonly<Record<string, Files[string] | undefined>>,
  options: { before?: Settings; after?: Settings; isKnown?: (path: string) => boolean } = {},
): readonly string[] {
  const left = Object.entries({ ...files, ...change }).filter(([, file]) => file !== undefined);
  const base = side(files, options.before ?? settings);
  const head = side(Object.fromEntries(left) as Files, options.after ?? settings);
  return compare(base, head, { unowned: options.isKnown ? { isKnown: options.isKnown } : {} }).unowned;
}

describe('a changed path', () => {
  test.each<[string, Parameters<typeof unowned>[0], readonly string[]]>([
    ['that nobody reads', { Makefile: '2', 'docs/new': '1' }, ['Makefile', 'docs/new']],
    ['that nobody reads, deleted', { 'tools/x.sh': undefined }, ['tools/x.sh']],
    ['that is an input', { 'app/src/a': '2', 'lib/x': '2' }, []],
    ['that is a deleted input', { 'lib/x': undefined }, []],
    ['that is a declared input', { 'versions/a.env': '1', 'versions/a.txt': '1' }, ['versions/a.txt']],
    ['below an image’s directory', { 'app/README.md': '1', 'app/doc/x': '1' }, []],
    ['beside an image’s directory', { 'app.md': '1', 'app-docs/x': '1' }, ['app-docs/x', 'app.md']],
    ['that takes the place of an image’s directory', { ...without('app/'), app: '1' }, ['app']],
    ['below the directory of a removed image', { 'app/Dockerfile': undefined, 'app/README.md': '1' }, []],
    ['below the directory of a new image', { 'tools/Dockerfile': 'FROM scratch', 'tools/x.sh': '2' }, []],
    [
      'that only a new image reads',
      { 'new/Dockerfile': 'FROM scratch\nCOPY tools /', 'tools/x.sh': '2', Makefile: '2' },
      ['Makefile'],
    ],
    ['that is a removed image’s input', { ...without('whole/'), 'lib/x': '2' }, []],
    ['that is the ignore file of a context', { '.dockerignore': 'x\n' }, []],
    ['that is an ignore file in no force', { 'docs/.dockerignore': 'x\n' }, ['docs/.dockerignore']],
    [
      'that an ignore file links to',
      { '.dockerignore': { symlink: 'tools/ignore' }, 'tools/ignore': 'x', 'tools/y': '' },
      ['tools/y'],
    ],
    ['that is a submodule', { vendor: { submodule: 'c0ffee' } }, ['vendor']],
    ['that is a submodule and may hold an input', { versions: { submodule: 'c0ffee' } }, []],
  ])('%s', (_, change, expected) => {
    const after = { images: { ...settings.images, new: { context: '.' } } };
    expect(unowned(change, { after })).toEqual(expected);
  });

  test('at the root of a repository whose root is an image', () => {
    const root: Files = { Dockerfile: 'FROM scratch\nCOPY src /\n', 'src/a': '1', '.gitlab-ci.yml': '1' };
    const head = { ...root, 'src/a': '2', '.gitlab-ci.yml': '2', '.dockerignore': 'x', 'docs/x': '1' };
    expect(compare(side(root), side(head)).unowned).toEqual(['.gitlab-ci.yml', 'docs/x']);
  });

  test('that would be an ignore file', () => {
    const here = side({ Dockerfile: 'FROM scratch\nCOPY src /\n' });
    const names = ['.dockerignore', 'Dockerfile.dockerignore', 'other.dockerignore'];
    const changes = names.map((path) => ({
      path,
      status: 'added' as const,
      oldMode: '000000',
      newMode: '100644',
    }));
    expect(compare(here, here, { changes }).unowned).toEqual(['other.dockerignore']);
  });

  test('that is a link to a build context', () => {
    const at = (target: string): Files => ({
      'app/Dockerfile': 'FROM scratch\nCOPY . /',
      'src/one/a': '1',
      'src/two/a': '1',
      'links/src': { symlink: `../src/${target}` },
      'links/other': { symlink: target },
    });
    const context = { images: { app: { context: 'links/src' } } };
    expect(compare(side(at('one'), context), side(at('two'), context)).unowned).toEqual(['links/other']);
  });

  test('in the build context of an image elsewhere that does not copy it', () => {
    const context = { images: { app: { context: 'tools' } } };
    expect(unowned({ 'tools/x.sh': '2' }, { before: context, after: context })).toEqual(['tools/x.sh']);
  });

  test('that is known', () => {
    const isKnown = (path: string) => path.startsWith('docs/');
    expect(unowned({ 'docs/x': '1', Makefile: '2' }, { isKnown })).toEqual(['Makefile']);
  });

  test('that the base declared as an input and the head does not, and the other way round', () => {
    const declared = { images: { app: { inputs: ['Makefile'] } } };
    expect(unowned({ Makefile: '2' }, { before: declared })).toEqual([]);
    expect(unowned({ Makefile: '2' }, { after: declared })).toEqual([]);
    // What the head declares and no longer has was no input while it was there.
    expect(unowned({ Makefile: undefined }, { after: declared })).toEqual(['Makefile']);
  });
});

describe('the policy', () => {
  const base = side(files, settings);
  const head = side({ ...files, 'app/src/a': '2', Makefile: '2', 'tools/x.sh': '2' }, settings);
  const unownedReason = { kind: 'unowned', path: 'Makefile', count: 2 };

  test.each(['ignore', 'error'] as const)('%s builds nothing for unowned paths', (policy) => {
    const { affected } = compare(base, head, { unowned: { policy } });
    expect(affected.map(({ image }) => image.name)).toEqual(['app']);
    expect(affected[0]?.reasons).toHaveLength(1);
  });

  test('all affects every image, behind the reasons it has anyway', () => {
    const { affected, unowned: paths } = compare(base, head, { unowned: { policy: 'all' } });
    expect(paths).toEqual(['Makefile', 'tools/x.sh']);
    expect(affected.map(({ image, reasons }) => [image.name, reasons])).toEqual([
      ['app', [expect.objectContaining({ kind: 'source', path: 'app/src/a' }), unownedReason]],
      ['whole', [unownedReason]],
    ]);
  });

  test('all stands before what other images hand on', () => {
    const chain = { 'a/Dockerfile': 'FROM scratch', 'b/Dockerfile': 'FROM a', Makefile: '1' };
    const { affected } = compare(side(chain), side({ ...chain, Makefile: '2' }), {
      unowned: { policy: 'all' },
    });
    expect(affected.map(({ reasons }) => reasons.map(({ kind }) => kind))).toEqual([
      ['unowned'],
      ['unowned', 'dependency'],
    ]);
  });

  test('all affects nothing where every changed path belongs somewhere', () => {
    const owned = side({ ...files, 'app/README.md': '2' }, settings);
    expect(compare(base, owned, { unowned: { policy: 'all' } }).affected).toEqual([]);
  });

  test('without a base nothing is unowned', () => {
    const answer = compare(undefined, head, {
      everything: 'no base',
      changes: changesBetween(base, head),
      unowned: { policy: 'all' },
    });
    expect(answer.unowned).toEqual([]);
    expect(answer.affected.flatMap(({ reasons }) => reasons.map(({ kind }) => kind))).not.toContain(
      'unowned',
    );
  });
});

describe('over generated repositories', () => {
  const RUNS = { numRuns: 400 };
  const load = (repository: GeneratedRepository): TestSide =>
    side(filesOf(repository), settingsOf(repository));

  test('unowned are exactly the changed paths that no image holds or reads on either side', () => {
    fc.assert(
      fc.property(historyOf(2), ([before, after]) => {
        const isKnown = (path: string) => path === 'args.env';
        const answer = compare(load(before), load(after), { unowned: { isKnown } });
        expect(answer.unowned).toEqual(unownedByBruteForce(before, after).filter((path) => !isKnown(path)));
      }),
      { numRuns: 1500 },
    );
  });

  test('more changes never make fewer paths unowned or fewer images affected, in any order', () => {
    fc.assert(
      fc.property(
        historyOf(2),
        fc.infiniteStream(fc.boolean()),
        fc.constantFrom('ignore', 'all', 'error'),
        ([before, after], keeps, policy) => {
          const [base, head] = [load(before), load(after)];
          const ask = (changes: ReturnType<typeof changesBetween>) => {
            const { affected, unowned: paths } = compare(base, head, { changes, unowned: { policy } });
            return { names: affected.map(({ image }) => image.name), paths };
          };
          const changes = changesBetween(base, head);
          const all = ask(changes);
          const some = ask(changes.filter(() => keeps.next().value));
          expect(all.paths).toEqual(expect.arrayContaining([...some.paths]));
          expect(all.names).toEqual(expect.arrayContaining(some.names));
          expect(ask(changes.toReversed())).toEqual(all);
          if (policy === 'all' && all.paths.length > 0) expect(all.names).toHaveLength(head.images.size);
        },
      ),
      RUNS,
    );
  });
});

function without(directory: string): Record<string, undefined> {
  const gone = Object.keys(files).filter((path) => path.startsWith(directory));
  return Object.fromEntries(gone.map((path) => [path, undefined]));
}
