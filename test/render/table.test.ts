import { describe, expect, test } from 'vitest';
import type { Reason } from '../../src/affected/reasons.ts';
import { type Paint, renderTable } from '../../src/render/table.ts';
import { affectedImage, comparisonOf } from './comparison-builder.ts';

const plain = { paint: (_: unknown, text: string) => text, showUnaffected: false };

function rows(text: string): string[] {
  return text
    .slice(text.indexOf('why\n') + 4)
    .trimEnd()
    .split('\n');
}

describe('the reasons of an image', () => {
  test.each<[Reason, string]>([
    [{ kind: 'dockerfile', path: 'a/Dockerfile', status: 'added' }, 'a/Dockerfile added (its Dockerfile)'],
    [
      { kind: 'source', instruction: 'COPY', source: 'x', line: 3, path: 'a/x', status: 'deleted' },
      'a/x deleted (COPY x, line 3)',
    ],
    [
      {
        kind: 'source',
        instruction: 'ADD',
        source: 'x',
        line: 3,
        link: 'a/x',
        path: 'b/y',
        status: 'type-changed',
      },
      'b/y type-changed (ADD x through the link a/x, line 3)',
    ],
    [
      { kind: 'declared-input', glob: '*.env', path: 'v.env', status: 'modified' },
      'v.env modified (declared input *.env)',
    ],
    [
      { kind: 'unknown', code: 'missing-image', detail: 'a long story' },
      "can't be known (missing-image, see below)",
    ],
    [{ kind: 'everything', detail: 'a long story' }, 'no base to compare with'],
  ])('%j', (reason, expected) => {
    const text = renderTable(comparisonOf({ affected: [affectedImage('a', [reason])] }), plain);
    expect(rows(text)).toEqual([`      1  a      ${expected}`]);
  });

  test('at most three are told', () => {
    const reasons = ['1', '2', '3', '4', '5'].map((path): Reason => ({
      kind: 'ci-file',
      path,
      status: 'added',
    }));
    const shown = rows(renderTable(comparisonOf({ affected: [affectedImage('a', reasons)] }), plain));
    expect(shown).toHaveLength(4);
    expect(shown.at(-1)).toBe(`${' '.repeat(16)}and 2 more`);
  });

  test('those handed on by other images only where there is none of its own', () => {
    const own: Reason = { kind: 'ci-file', path: 'x', status: 'added' };
    const handed: Reason = { kind: 'dependency', image: 'b', instruction: 'FROM' };
    const removed: Reason = { ...handed, removed: true };
    const shown = (reasons: Reason[]) =>
      rows(renderTable(comparisonOf({ affected: [affectedImage('a', reasons)] }), plain)).length;
    expect(shown([handed])).toBe(1);
    expect(shown([own, handed])).toBe(1);
    expect(shown([own, removed])).toBe(2);
  });
});

describe('the order', () => {
  const direct: Reason = { kind: 'ci-file', path: 'x', status: 'added' };

  test('counts only images that are affected, and puts those that can be built at once together', () => {
    const affected = [
      affectedImage('z', [direct]),
      affectedImage('y', [direct], ['z']),
      affectedImage('x', [direct], ['not', 'affected', 'at all']),
    ];
    expect(rows(renderTable(comparisonOf({ affected }), plain)).map((row) => row.slice(0, 10))).toEqual([
      '      1  z',
      '      1  x',
      '      2  y',
    ]);
  });

  test('what an image pulls along is told where it has a reason of its own, with all that follows', () => {
    const from = (image: string): Reason => ({ kind: 'dependency', image, instruction: 'FROM' });
    const affected = [
      affectedImage('a', [direct]),
      affectedImage('b', [from('a')], ['a']),
      affectedImage('c', [from('b'), from('a')], ['a', 'b']),
    ];
    expect(rows(renderTable(comparisonOf({ affected }), plain)).map((row) => row.trimStart())).toEqual([
      '1  a      x added (its CI jobs)',
      'pulls along b, c',
      '2  b      FROM a, which is affected',
      '3  c      FROM b, which is affected',
      'FROM a, which is affected',
    ]);
    expect(renderTable(comparisonOf({ affected, base: null }), plain)).not.toContain('pulls along');
  });
});

describe('the heading', () => {
  test.each([
    [{}, 'base  bbbbbbbbbb  --base main\nhead  aaaaaaaaaa\n      1 file changed\n'],
    [{ changedPaths: 0 }, 'head  aaaaaaaaaa\n      0 files changed\n'],
    [{ base: null, changedPaths: null }, 'base  none        --base main\nhead  aaaaaaaaaa\n\n'],
    [
      { workingTree: { staged: 0, unstaged: 0, untracked: 0 } },
      'head  aaaaaaaaaa  and a clean working tree\n',
    ],
    [
      { workingTree: { staged: 2, unstaged: 0, untracked: 1 } },
      'head  aaaaaaaaaa  and the working tree: 2 staged, 1 untracked\n',
    ],
    [
      { workingTree: { staged: 0, unstaged: 3, untracked: 0 } },
      'head  aaaaaaaaaa  and the working tree: 3 unstaged\n',
    ],
    [{ baseWhy: 'merge base with \u202e' }, 'merge base with \\u202e\n'],
    [{ unaffected: ['a'] }, '\nNo image is affected (1 image).\n'],
    [{}, '\nThere is no image: no file matches discover.dockerfiles of affected.yml'],
  ])('%j', (parts, expected) => {
    expect(renderTable(comparisonOf(parts), plain)).toContain(expected);
  });
});

test('removed images and widenings follow, unaffected images on request', () => {
  const comparison = comparisonOf({
    unaffected: ['a', 'b'],
    removed: [
      { name: 'root', directory: '.' },
      { name: 'gone', directory: 'was/here' },
    ],
    widened: [
      { scope: 'all', code: 'no-base', detail: 'Why.' },
      { scope: 'image', image: 'a', code: 'odd', detail: 'Because.' },
    ],
  });
  const end = [
    'Removed, no job:',
    '  root  .',
    '  gone  was/here',
    '',
    'More is built than may be needed, because something could not be known:',
    '  no-base: Why.',
    '  odd (a): Because.',
    '',
  ].join('\n');
  expect(renderTable(comparison, plain)).toMatch(
    new RegExp(`\\(2 images\\)\\.\n\n${end.replace(/[().]/g, '\\$&')}$`),
  );
  expect(renderTable(comparison, { ...plain, showUnaffected: true })).toContain(
    `\n2 not affected:\n  a\n  b\n\n${end}`,
  );
});

describe('changed files of no image', () => {
  const last = (parts: Parameters<typeof comparisonOf>[0]) =>
    renderTable(comparisonOf(parts), plain).trimEnd().split('\n').slice(-2);

  test('are named up to the fifth', () => {
    const unowned = ['a', 'b\u009b', 'c', 'd', 'e', 'f', 'g'];
    expect(last({ unowned: unowned.slice(0, 1) })).toEqual(['', '1 changed file belongs to no image: a']);
    expect(last({ unowned: unowned.slice(0, 5) })).toEqual([
      '',
      '5 changed files belong to no image: a, b\\u009b, c, d, e',
    ]);
    expect(last({ unowned })[1]).toBe('7 changed files belong to no image: a, b\\u009b, c, d, e and 2 more');
  });

  test('and what they do where that is much', () => {
    expect(last({ unowned: ['a'], unownedPolicy: 'error' })[1]).toBe('1 changed file belongs to no image: a');
    expect(last({ unowned: ['a'], unownedPolicy: 'all' })[1]).toBe(
      '1 changed file belongs to no image, so every image is built: a',
    );
  });

  test('every image built for them pulls along nothing', () => {
    const unowned: Reason = { kind: 'unowned', path: 'x', count: 1 };
    const affected = [
      affectedImage('a', [{ kind: 'ci-file', path: 'y', status: 'added' }, unowned]),
      affectedImage('b', [unowned, { kind: 'dependency', image: 'a', instruction: 'FROM' }], ['a']),
    ];
    expect(rows(renderTable(comparisonOf({ affected }), plain))).toEqual([
      '      1  a      y added (its CI jobs)',
      '                x changed, which belongs to no image',
      '      2  b      x changed, which belongs to no image',
    ]);
  });
});

test('colours go around the words, never into the alignment', () => {
  const paint: Paint = (style, text) => `<${style}>${text}</${style}>`;
  const affected = [
    affectedImage('a', [{ kind: 'ci-file', path: 'x', status: 'added' }]),
    affectedImage('longer', [{ kind: 'config', settings: ['target'] }]),
  ];
  const text = renderTable(comparisonOf({ affected }), { paint, showUnaffected: true });
  expect(text).toContain('<bold>a     </bold>  x added');
  expect(text.replace(/<\/?\w+>/g, '')).toBe(
    renderTable(comparisonOf({ affected }), { ...plain, showUnaffected: true }),
  );
});
