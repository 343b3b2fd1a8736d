import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Circumstances, decideTags } from '../../src/publish/decide-tags.ts';
import { type ImagePublication, readImagePublication } from '../../src/publish/image-publication.ts';
import type { ImageShape } from '../../src/publish/image-shape.ts';
import { compareVersions, parseVersion, type Version } from '../../src/publish/semver.ts';

function publication(shape: Partial<ImageShape>): ImagePublication {
  const digest = `sha256:${'0'.repeat(64)}`;
  const read = readImagePublication({
    name: 'app',
    repository: 'registry.example.com/app',
    digest,
    ...shape,
  });
  if (read.complaint) throw new Error(read.complaint.message);
  return read.image;
}

/** A repository's tags, each with what it was put on; images are published one after the other, as under a lock. */
function repository() {
  const tags = new Map<string, string>();
  return {
    tags,
    publish(what: string, image: ImagePublication, place?: Circumstances['place']) {
      const decisions = decideTags(image, { existing: [...tags.keys()], place });
      for (const { tag, stays } of decisions) if (stays === undefined) tags.set(tag, what);
      return decisions;
    },
  };
}

describe('releases', () => {
  const number = fc.nat(3);
  const release = fc
    .tuple(number, number, number, fc.option(fc.nat(2), { freq: 4, nil: undefined }))
    .map(([a, b, c, rc]) => `${a}.${b}.${c}${rc === undefined ? '' : `-rc.${rc}`}`);
  const releases = fc.uniqueArray(release, { minLength: 1, maxLength: 12 });
  const ending = fc.constantFrom('', '-slim', '-rc.1');

  const released = (version: string, of: string) => {
    const [major = '', minor = ''] = version.split('.');
    const versionTags = [`${major}.${minor}${of}`, `${major}${of}`, `latest${of}`];
    return publication({ tags: [`v${version}${of}`, `${version}${of}`], version, versionTags });
  };

  test('in any order, each tag that floats ends on the highest of its line, and pre-releases move none', () => {
    fc.assert(
      fc.property(releases, ending, fc.array(fc.nat(100), { maxLength: 5 }), (versions, of, again) => {
        const { tags, publish } = repository();
        const runs = [...versions, ...again.map((index) => versions[index % versions.length] as string)];
        for (const version of runs) publish(version, released(version, of));
        const final = versions.filter((version) => !version.includes('-'));
        const highest = (line: string) =>
          final
            .filter((version) => line === 'latest' || version.startsWith(`${line}.`))
            .sort((a, b) => compareVersions(parseVersion(a) as Version, parseVersion(b) as Version))
            .at(-1);
        const lines = new Set(
          versions.flatMap((version) => {
            const [major = '', minor = ''] = version.split('.');
            return ['latest', major, `${major}.${minor}`];
          }),
        );
        for (const line of lines) expect([line, tags.get(line + of)]).toEqual([line, highest(line)]);
        for (const version of versions) expect(tags.get(version + of)).toBe(version);
      }),
    );
  });

  test('of one variant do not move the tags of another', () => {
    const { tags, publish } = repository();
    publish('1.9.0 thin', released('1.9.0', '-thin'));
    publish('1.3.0 slim', released('1.3.0', '-slim'));
    publish('1.2.0', released('1.2.0', ''));
    expect(Object.fromEntries(tags)).toMatchObject({ '1': '1.2.0', latest: '1.2.0', '1-slim': '1.3.0 slim' });
  });

  test('are known by their tags, whatever else is there', () => {
    const existing = ['1.9', '1.9.0-rc.1', '1.9.0_x', '01.9.0', 'v1.9', 'w1.9.0', '2.0.0', '1.2.1', 'latest'];
    const image = released('1.2.0', '');
    expect(decideTags(image, { existing, place: undefined }).slice(2)).toEqual([
      { tag: '1.2', phase: 'moving', stays: '1.2.1 is higher' },
      { tag: '1', phase: 'moving', stays: '1.2.1 is higher' },
      { tag: 'latest', phase: 'moving', stays: '2.0.0 is higher' },
    ]);
  });

  test('a tag may be called otherwise than its line', () => {
    const image = publication({ version: '1.2.3', versionTags: ['stable=latest', 'one-slim=1-slim'] });
    const decide = (...existing: string[]) =>
      decideTags(image, { existing, place: undefined }).map(({ tag, stays }) => [tag, stays]);
    expect(decide('1.3.0', '2.0.0-slim')).toEqual([
      ['stable', '1.3.0 is higher'],
      ['one-slim', undefined],
    ]);
    expect(decide('v1.3.0-slim')).toEqual([
      ['stable', undefined],
      ['one-slim', '1.3.0 is higher'],
    ]);
  });
});

describe('a branch', () => {
  const idOf = (commit: number) => commit.toString(16).padStart(40, '0');

  /** Commits 0, 1, …: each on top of some of those before it, the last of which is the one before, as a branch grows. */
  const history = fc
    .array(fc.array(fc.nat(20), { maxLength: 2 }), { minLength: 1, maxLength: 8 })
    .map((merged) =>
      merged.map(
        (others, index) =>
          new Set([...others.filter((other) => other < index), ...(index > 0 ? [index - 1] : [])]),
      ),
    );

  function ancestorsOf(parents: readonly ReadonlySet<number>[], commit: number): ReadonlySet<number> {
    const found = new Set([commit]);
    for (const one of found) for (const parent of parents[one] ?? []) found.add(parent);
    return found;
  }

  function placeOf(parents: readonly ReadonlySet<number>[], tip: number, commit: number) {
    const own = ancestorsOf(parents, commit);
    const all = ancestorsOf(parents, tip);
    const newer = [...all]
      .filter((one) => !own.has(one))
      .sort((a, b) => b - a)
      .map(idOf);
    return { branch: 'main', onBranch: all.has(commit), newer };
  }

  test('has the newest published commit’s image, in whatever order commits are published, while it grows', () => {
    fc.assert(
      fc.property(
        history,
        fc.array(fc.record({ commit: fc.nat(100), tip: fc.nat(100) }), { minLength: 1, maxLength: 16 }),
        fc.constantFrom('', '_slim'),
        (parents, publishes, ending) => {
          const { tags, publish } = repository();
          const done = new Set<number>();
          let tip = 0;
          for (const step of publishes) {
            // The branch grows meanwhile; a commit is published when it is on it.
            tip = Math.max(tip, step.tip % parents.length);
            const commit = step.commit % (tip + 1);
            done.add(commit);
            const image = publication({ branchTags: ['latest'], marker: `commit-${idOf(commit)}${ending}` });
            publish(`${commit}`, image, placeOf(parents, tip, commit));
            expect(tags.get('latest')).toBe(`${Math.max(...done)}`);
          }
        },
      ),
    );
  });

  test('that was pushed back takes nothing of what it no longer has', () => {
    const image = publication({ branchTags: ['latest', 'main'], tags: ['1a'], marker: `commit-${idOf(7)}` });
    const place = { branch: 'main', onBranch: false, newer: [] };
    expect(decideTags(image, { existing: [], place })).toEqual([
      { tag: `commit-${idOf(7)}`, phase: 'marker', stays: undefined },
      { tag: '1a', phase: 'fixed', stays: undefined },
      { tag: 'latest', phase: 'moving', stays: '00000000 is no longer on main' },
      { tag: 'main', phase: 'moving', stays: '00000000 is no longer on main' },
    ]);
  });

  test('is overtaken by markers of its own variant alone', () => {
    const existing = [`commit-${idOf(2)}_slim`, `commit-${idOf(3)}`, `x-commit-${idOf(4)}`];
    const place = { branch: 'main', onBranch: true, newer: [4, 3, 2].map(idOf) };
    const stays = (marker: string) =>
      decideTags(publication({ branchTags: ['latest'], marker }), { existing, place }).at(-1)?.stays;
    expect(stays(`commit-${idOf(1)}`)).toBe(`${idOf(3).slice(0, 8)} is newer and published`);
    expect(stays(`commit-${idOf(1)}_slim`)).toBe(`${idOf(2).slice(0, 8)} is newer and published`);
    expect(stays(`commit-${idOf(1)}_other`)).toBeUndefined();
  });
});
