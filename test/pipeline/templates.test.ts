import { expect, test } from 'vitest';
import { parseTemplates, reachedTemplates } from '../../src/pipeline/templates.ts';
import { inheritedValue, mergeJobs } from '../../src/pipeline/merge.ts';

const templates = parseTemplates(
  new Map([
    [
      'ci-templates/a.yml',
      '.a: {extends: .b, image: a, stage: x}\n.b: {script: [!reference [.c, script]], rules: [{when: always}]}\n',
    ],
    ['ci-templates/c.yml', '.c: {extends: .a, script: [c], variables: {A: "1", B: "1"}}\n.unused: {}\n'],
  ]),
);

test('templates are reached through extends and references, in circles too', () => {
  expect(reachedTemplates(templates, { extends: '.b' }).map(({ name, file }) => [name, file])).toEqual([
    ['.a', 'ci-templates/a.yml'],
    ['.b', 'ci-templates/a.yml'],
    ['.c', 'ci-templates/c.yml'],
  ]);
  expect(reachedTemplates(templates, { extends: '.nowhere', script: 'x' })).toEqual([]);
  expect(reachedTemplates(templates, 'no job')).toEqual([]);
});

test('a value is inherited from the last template that has it, nearest first', () => {
  expect(inheritedValue({ extends: ['.b', '.a'] }, 'stage', templates)).toBe('x');
  expect(inheritedValue({ extends: '.a', image: 'own' }, 'image', templates)).toBe('own');
  expect(inheritedValue({ extends: '.c' }, 'rules', templates)).toEqual([{ when: 'always' }]);
  expect(inheritedValue({ extends: '.c' }, 'tags', templates)).toBeUndefined();
});

test('mappings merge, lists are replaced', () => {
  expect(
    mergeJobs({ script: ['a'], variables: { A: '1', B: '1' } }, { script: ['b'], variables: { B: '2' } }),
  ).toEqual({
    script: ['b'],
    variables: { A: '1', B: '2' },
  });
});

test.each([
  [{ 'a.yml': 'job: {script: a}\n' }, 'a.yml:1:1: "job" is no hidden job'],
  [{ 'a.yml': '.a: 1\n' }, 'a.yml:1:1: ".a" is no hidden job'],
  [{ 'a.yml': '.a: {}\n', 'b.yml': '\n.a: {}\n' }, 'b.yml:2:1: ".a" is also defined in a.yml'],
  [{ 'a.yml': '.a: [\n' }, 'a.yml:'],
])('%j is refused', (files, message) => {
  expect(() => parseTemplates(new Map(Object.entries(files)))).toThrow(message);
});
