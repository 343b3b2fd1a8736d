import { describe, expect, test } from 'vitest';
import { followLinks } from '../../src/images/links.ts';
import { snapshot } from '../support/snapshot.ts';

describe('followLinks', () => {
  const here = snapshot({
    'real/dir/file': 'x',
    'a/direct': { symlink: '../real/dir/file' },
    'a/dir': { symlink: '../real/dir' },
    'a/chain': { symlink: 'direct' },
    'a/broken': { symlink: 'nothing' },
    'a/absolute': { symlink: '/etc/passwd' },
    'a/outside': { symlink: '../../elsewhere' },
    'a/up': { symlink: '..' },
    'a/loop1': { symlink: 'loop2' },
    'a/loop2': { symlink: './loop1' },
    'a/longer': { symlink: 'longer/x' },
    'a/b\n\udc80': { symlink: '../real/dir/file' },
  });

  test.each([
    ['real/dir/file', 'real/dir/file', []],
    ['real/dir', 'real/dir', []],
    ['real/nothing', 'real/nothing', []],
    ['', '', []],
    ['a/direct', 'real/dir/file', ['a/direct']],
    ['a/dir/file', 'real/dir/file', ['a/dir']],
    ['a/dir', 'real/dir', ['a/dir']],
    ['a/chain', 'real/dir/file', ['a/chain', 'a/direct']],
    ['a/up/a/dir/file', 'real/dir/file', ['a/up', 'a/dir']],
    ['a/b\n\udc80', 'real/dir/file', ['a/b\n\udc80']],
    ['a/broken', 'a/nothing', ['a/broken']],
    ['a/absolute', undefined, ['a/absolute']],
    ['a/outside', undefined, ['a/outside']],
    ['a/up', '', ['a/up']],
  ])('%j leads to %j', (path, target, links) => {
    expect(followLinks(here, path)).toEqual({ path: target, links });
  });

  test.each(['a/loop1', 'a/longer'])('a loop ends and leads nowhere: %s', (path) => {
    const { path: target, links } = followLinks(here, path);
    expect(target).toBeUndefined();
    expect(links).toHaveLength(40);
  });

  test('as many links as Linux follows, and no more', () => {
    const chain = (length: number) =>
      snapshot(
        Object.fromEntries(Array.from({ length }, (_, index) => [`l${index}`, { symlink: `l${index + 1}` }])),
      );
    expect(followLinks(chain(40), 'l0').path).toBe('l40');
    expect(followLinks(chain(41), 'l0').path).toBeUndefined();
  });

  test('a link whose content is missing leads nowhere', () => {
    const { tree } = here;
    expect(followLinks({ tree, text: () => undefined }, 'a/direct')).toEqual({
      path: undefined,
      links: ['a/direct'],
    });
  });
});
