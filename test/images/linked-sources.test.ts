import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findLinkedSources, type LinkedSources } from '../../src/images/linked-sources.ts';
import { followLinks } from '../../src/images/links.ts';
import type { Snapshot } from '../../src/images/snapshot.ts';
import { type Files, snapshot } from '../support/snapshot.ts';
import { runs } from '../support/runs.ts';

function linked(
  here: Snapshot,
  source: string,
  options: { base?: string; literal?: boolean } = {},
): LinkedSources {
  const { base = 'ctx', literal = false } = options;
  return findLinkedSources({ snapshot: here, links: here.tree.links, base, source, literal });
}

/** The files of the tree that the source reaches through links. */
function reached(here: Snapshot, { targets }: LinkedSources): string[] {
  return here.tree.paths.filter((path) =>
    targets.some(({ base, matches }) => {
      if (path === base) return matches('');
      if (base === '') return matches(path);
      return path.startsWith(`${base}/`) && matches(path.slice(base.length + 1));
    }),
  );
}

const files: Files = {
  'ctx/plain': 'x',
  'ctx/file': { symlink: '../shared/one' },
  'ctx/dir': { symlink: '../shared' },
  'ctx/chain': { symlink: 'dir/deep' },
  'ctx/again': { symlink: '../alias/one' },
  'ctx/away': { symlink: '../../elsewhere' },
  'ctx/root': { symlink: '..' },
  'ctx/sub/inner': { symlink: '../../shared/two' },
  'ctx/loop': { symlink: 'loop' },
  'ctx/grow': { symlink: 'grow/x' },
  alias: { symlink: 'shared' },
  'shared/one': '1',
  'shared/two': '2',
  'shared/deep/x.txt': 'x',
  'shared/deep/y': 'y',
};

describe('findLinkedSources', () => {
  test.each<[source: string, links: string[], files: string[]]>([
    ['plain', [], []],
    // Links inside a copied directory stay links.
    ['.', [], []],
    ['sub', [], []],
    ['file', ['ctx/file'], ['shared/one']],
    ['dir', ['ctx/dir'], ['shared/deep/x.txt', 'shared/deep/y', 'shared/one', 'shared/two']],
    ['dir/one', ['ctx/dir'], ['shared/one']],
    ['dir/deep', ['ctx/dir'], ['shared/deep/x.txt', 'shared/deep/y']],
    ['dir/*/*.txt', ['ctx/dir'], ['shared/deep/x.txt']],
    ['chain/y', ['ctx/chain', 'ctx/dir'], ['shared/deep/y']],
    ['again', ['ctx/again', 'alias'], ['shared/one']],
    ['root/shared/one', ['ctx/root'], ['shared/one']],
    ['away', ['ctx/away'], []],
    ['f*', ['ctx/file'], ['shared/one']],
    ['sub/*', ['ctx/sub/inner'], ['shared/two']],
    ['loop', ['ctx/loop'], ['ctx/loop']],
  ])('COPY %s', (source, links, expected) => {
    const here = snapshot(files);
    const found = linked(here, source);
    expect(found.links).toEqual(links);
    expect(reached(here, found)).toEqual(expected);
    expect(found.unreadable).toEqual([]);
  });

  test('a wildcard takes each link it matches', () => {
    expect(linked(snapshot(files), '*').links).toHaveLength(9);
  });

  test('a wildcard may stand in front of a link and behind it', () => {
    const here = snapshot({ 'ctx/sub/inner': { symlink: '../../shared' }, 'shared/a/x': '', 'shared/b': '' });
    const found = linked(here, '*/inner/*/x');
    expect(found.links).toEqual(['ctx/sub/inner']);
    expect(reached(here, found)).toEqual(['shared/a/x']);
  });

  test('a link behind a directory whose name looks like a pattern', () => {
    const here = snapshot({
      'ctx/dir': { symlink: '../sh[x]' },
      'sh[x]/link': { symlink: '../other' },
      'other/file': '',
    });
    expect(reached(here, linked(here, 'dir/l*'))).toEqual(['other/file', 'sh[x]/link']);
  });

  test('a link that leads to a longer path through itself ends', () => {
    const found = linked(snapshot(files), 'grow');
    expect(found.links).toEqual(['ctx/grow']);
    expect(found.targets).toHaveLength(40);
  });

  test('the source of a mount has no wildcards', () => {
    expect(linked(snapshot(files), 'f*', { literal: true }).links).toEqual([]);
    expect(linked(snapshot(files), 'file', { literal: true }).links).toEqual(['ctx/file']);
  });

  test('a link without content is told', () => {
    const { tree } = snapshot(files);
    expect(linked({ tree, text: () => undefined }, 'dir/one')).toEqual({
      links: ['ctx/dir'],
      targets: [],
      unreadable: ['ctx/dir'],
    });
  });

  test('wherever following the links of a path step by step leads, the source reaches', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const place = fc.array(name, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
    const up = fc.constantFrom('', './', '../', '../../');
    const entry = fc.oneof(
      fc.constant('file'),
      fc.tuple(up, place).map(([dots, path]) => ({ symlink: dots + path })),
    );
    const tree = fc.uniqueArray(fc.tuple(place, entry), { selector: ([path]) => path, maxLength: 6 });
    fc.assert(
      fc.property(tree, place, (entries, source) => {
        const here = snapshot(withoutClashes(entries));
        const found = linked(here, source, { base: '' });
        const { path, links } = followLinks(here, source);
        if (path !== undefined) expect(new Set(found.links)).toEqual(new Set(links));
        if (path !== undefined && links.length > 0 && here.tree.get(path)) {
          expect(reached(here, found)).toContain(path);
        }
      }),
      { numRuns: runs(500) },
    );
  });
});

/** Only paths none of which lies below another one, as in git. */
function withoutClashes<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  const paths = entries.map(([path]) => path);
  return Object.fromEntries(entries.filter(([path]) => !paths.some((other) => path.startsWith(`${other}/`))));
}
