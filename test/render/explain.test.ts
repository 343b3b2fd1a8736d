import { expect, test } from 'vitest';
import { renderImageExplanation, renderPathExplanation } from '../../src/render/explain.ts';
import { affectedImage, comparisonOf } from './comparison-builder.ts';

test('names and paths reach the terminal as escapes', () => {
  const name = 'a\u001b[2J';
  const affected = [affectedImage(name, [{ kind: 'ci-file', path: 'x\u202e', status: 'added' }])];
  expect(renderImageExplanation(name, comparisonOf({ affected }))).toBe(
    'a\\u001b[2J is affected:\n  x\\u202e added (its CI jobs)\n',
  );
  expect(renderImageExplanation('\u009b', comparisonOf())).toMatch(/^\\u009b is not affected/);
  expect(
    renderImageExplanation('\u009b', comparisonOf({ removed: [{ name: '\u009b', directory: 'x' }] })),
  ).toBe('\\u009b was removed; it gets no job.\n');
  expect(
    renderPathExplanation({
      path: 'p\n',
      changed: true,
      inputOf: [{ image: name, rule: { kind: 'declared-input', glob: '\u200b' } }],
      templateOf: [{ image: name, template: '.t\u200b' }],
      ignoreFileOf: [name],
      argsFileOf: [{ image: name, names: ['A\u200b', 'B'] }],
      isConfig: true,
      dependents: ['d\u009b', 'e'],
      notInputOf: [
        { image: 'n\u009b', why: 'ignored', file: 'i\u009b', line: 3, pattern: '*\u200b' },
        { image: 'o', why: 'not-needed', instruction: 'ADD', source: 's\u009b', line: 4 },
        { image: 'p', why: 'outside-context', context: 'c\u009b' },
        { image: 'q', why: 'not-copied', sources: 0 },
        { image: 'r', why: 'not-copied', sources: 1 },
        { image: 's', why: 'not-copied', sources: 2 },
      ],
      unowned: false,
      unownedPolicy: 'all',
    }),
  ).toBe(
    [
      'p\\n changed.',
      'It can affect:',
      '  a\\u001b[2J: declared input \\u200b',
      '  a\\u001b[2J: template .t\\u200b',
      '  a\\u001b[2J: decides which files of its build context count',
      '  a\\u001b[2J: sets its build args A\\u200b, B',
      '  any image whose settings it changes',
      'Built from these: d\\u009b, e',
      'It is no input of:',
      '  n\\u009b: i\\u009b:3 keeps it out of the build context (*\\u200b)',
      '  o: only a build stage that is not needed takes it (ADD s\\u009b, line 4)',
      '  p: it is not in the build context c\\u009b',
      '  q: it is in the build context, but nothing is copied from there',
      '  r: it is in the build context, but the one source copied from there does not hold it',
      '  s: it is in the build context, but none of the 2 sources copied from there holds it',
      '',
    ].join('\n'),
  );
});
