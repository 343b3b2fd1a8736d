import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type CiMap, CiPlain, CiReference, parseCiFile } from '../../src/pipeline/ci-yaml.ts';
import { renderPipelineYaml } from '../../src/render/pipeline-yaml.ts';
import { psychParse, type RubyValue } from '../support/gitlab/psych.ts';
import { runs } from '../support/runs.ts';

/** Words that YAML 1.1 or 1.2 reads as something other than a string, or as syntax. */
const words = [
  ...[
    'on',
    'off',
    'yes',
    'no',
    'y',
    'n',
    'Y',
    'N',
    'true',
    'False',
    'null',
    'NULL',
    '~',
    '',
    ' ',
    '.inf',
    '-.INF',
    '.NaN',
  ],
  ...[
    '012',
    '0o14',
    '0x1F',
    '0b11',
    '1_000',
    '1__0',
    '22:22',
    '22:22:22',
    '1.5',
    '1e3',
    '1.',
    '.5',
    '+1',
    '-1',
    '190:20:30.15',
  ],
  ...[
    '2026-11-20',
    '2026-11-20T10:00:00Z',
    '2026-11-20 10:00:00',
    '<<',
    '=',
    '!',
    '!ruby/object:Object',
    '!reference',
    '!!int',
  ],
  ...[
    '&a',
    '*a',
    '#a',
    'a #b',
    'a: b',
    'a:',
    ':a',
    ':symbol',
    '- a',
    '-',
    '--- a',
    '---',
    '...',
    '? a',
    '?',
    '|',
    '>',
    '%TAG',
    '@a',
    '`a`',
  ],
  ...[
    '[a]',
    '{a}',
    '[',
    ']',
    '{',
    '}',
    'a, b',
    '"a"',
    "'a'",
    "it's",
    'a"b',
    'a\\b',
    '\\',
    '$a',
    '${a}',
    '$$a',
    '$(touch canary)',
  ],
  ...[
    'a\nb',
    'a\n',
    '\na',
    '\n',
    'a\n\nb',
    ' a\n b',
    'a \nb',
    'a\t\nb',
    '\ta',
    'a\r\nb',
    'a\rb',
    'a\u0085b',
    'a\u2028b',
    'a\u2029b',
  ],
  ...[
    '\ufeffa',
    'a\ufeffb',
    '\u0000',
    '\u0007',
    '\u001b[31m',
    '\u007f',
    '\u009b',
    '\u00a0',
    'ünïcode',
    '日本語',
    '😀',
    '\ufffe',
    '\uffff',
  ],
  ...[
    'web app',
    'a\'b"c',
    '-rf',
    'x;touch canary',
    'a'.repeat(3000),
    'a b '.repeat(200),
    '#!/bin/sh\nset -e\n\techo "$a"\n',
  ],
];

function render(strings: readonly string[]): string {
  const variables = Object.fromEntries(strings.map((value, index) => [`V${index}`, value]));
  return renderPipelineYaml(
    {
      workflow: {},
      default: {},
      stages: ['build'],
      hidden: [],
      jobs: [{ name: 'job', definition: { script: strings, variables } }],
    },
    { header: ['Header'] },
  );
}

function pick(value: RubyValue, key: string): RubyValue {
  const found = value.pairs?.find(([name]) => name.text === key)?.[1];
  if (!found) throw new Error(`no ${key} in ${JSON.stringify(value)}`);
  return found;
}

function expectPsychReadsBack(strings: readonly string[]): void {
  const result = psychParse(render(strings));
  if (result === undefined) throw new Error('ruby is not installed');
  if ('error' in result) throw new Error(result.error);
  const job = pick(result.value, 'job');
  const asString = strings.map((text) => ({ class: 'String', text }));
  expect(pick(job, 'script').items).toEqual(asString);
  expect(pick(job, 'variables').pairs?.map(([, value]) => value)).toEqual(asString);
}

/** Text that YAML can carry: no lone surrogate. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(...'aon0129_:-#$ \n\t\r\'"\\{}[]&*!|>%@`,?~=<.\u0085\u2028\ufeffé'),
    maxLength: 12,
  }),
);

const hasRuby = psychParse('') !== undefined;
if (!hasRuby) process.stderr.write('ruby is not installed: generated YAML is not held against Psych\n');

describe('every string arrives as it is', () => {
  test.each([['1.1' as const], ['1.2' as const]])('in YAML %s', (version) => {
    const job = (parse(render(words), { version }) as { job: unknown }).job;
    const variables = Object.fromEntries(words.map((value, index) => [`V${index}`, value]));
    expect(job).toEqual({ script: words, variables });
  });

  test('any text, in YAML 1.1 and 1.2', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 8 }), (strings) => {
        for (const version of ['1.1', '1.2'] as const) {
          expect((parse(render(strings), { version }) as { job: { script: string[] } }).job.script).toEqual(
            strings,
          );
        }
      }),
      { numRuns: runs(500) },
    );
  });

  test.skipIf(!hasRuby)('in Psych, which GitLab reads with', () => {
    expectPsychReadsBack(words);
  });

  test.skipIf(!hasRuby)('any text, in Psych', () => {
    // One Ruby process for many strings: starting it is what takes time.
    const strings = fc.sample(anyText, { numRuns: runs(3000), seed: 42 });
    expectPsychReadsBack(strings);
  });

  test.skipIf(!hasRuby)('as a key, in Psych', () => {
    const keys = words.filter((word) => word !== '<<');
    const jobs = keys.map((name) => ({ name: `job ${name}`, definition: { [name]: true } }));
    const yaml = renderPipelineYaml(
      { workflow: {}, default: {}, stages: [], hidden: [], jobs },
      { header: [] },
    );
    const result = psychParse(yaml);
    if (!result || 'error' in result) throw new Error(JSON.stringify(result));
    expect(keys.map((name) => pick(result.value, `job ${name}`).pairs?.[0]?.[0])).toEqual(
      keys.map((name) => ({ class: 'String', text: name })),
    );
  });
});

test('a reference keeps its tag, a truth value its type, a file name in a comment its line', () => {
  const definition = { interruptible: true, script: [new CiReference(['.a', 'script']), 'x y'] };
  const hidden = [{ name: '.a', file: 'ci-templates/a\n.yml', definition: {} }];
  const jobs = [{ name: 'job', definition }];
  const yaml = renderPipelineYaml({ workflow: {}, default: {}, stages: [], hidden, jobs }, { header: [] });
  const entries = parseCiFile(yaml, 'child.yml').entries;
  const interruptible = new CiPlain('true');
  expect(entries.find(({ key }) => key === 'job')?.value).toEqual({ ...definition, interruptible });
  expect(yaml).toContain('# From ci-templates/a\\n.yml\n.a: {}\n');
});

test.skipIf(!hasRuby)('what a file of the repository says means the same to Psych afterwards', () => {
  const unquoted = [
    ...[
      '012',
      '0o14',
      '0x1F',
      '0b11',
      '1_000',
      '1,000',
      '22:22',
      '1.50',
      '.5',
      '1e3',
      '1.5e+3',
      '+1',
      '-1',
      '.inf',
      '-.INF',
      '.NaN',
    ],
    ...[
      '~',
      'null',
      '',
      'true',
      'on',
      'No',
      'y',
      'n',
      ':symbol',
      '-x',
      '=',
      'echo "a" \'b\'',
      'a\\b',
      '2 words',
      "it's",
      '<a>',
      'a,b',
      '5 minutes',
    ],
    ...[
      '"on"',
      "'012'",
      '"a\\nb"',
      '|\n    a\n     b\n',
      '>-\n    a\n    b\n',
      'folded\n    over lines',
      '[a, 2, no]',
      '{a: 2, b: no}',
      '&x 1',
      '*x',
    ],
  ];
  const text = `job:\n${unquoted.map((word, index) => `  V${index}: ${word}\n`).join('')}`;
  const entries = parseCiFile(text, 'a.yml').entries;
  const jobs = entries.map(({ key, value }) => ({ name: key, definition: value as CiMap }));
  const yaml = renderPipelineYaml(
    { workflow: {}, default: {}, stages: [], hidden: [], jobs },
    { header: [] },
  );
  const before = psychParse(text);
  const after = psychParse(yaml);
  if (!before || !after || 'error' in before || 'error' in after)
    throw new Error(JSON.stringify([before, after, yaml]));
  expect(pick(after.value, 'job')).toEqual(pick(before.value, 'job'));
});
