import { expect, test } from 'vitest';
import type { Variable } from './job.ts';
import { expandVariables, findVariableCycle, runnerExpand } from './variables.ts';

function variables(values: Record<string, string>, raw: Record<string, string> = {}): Map<string, Variable> {
  const entries = (record: Record<string, string>, expand: boolean): [string, Variable][] =>
    Object.entries(record).map(([name, value]) => [name, { value, expand }]);
  return new Map([...entries(values, true), ...entries(raw, false)]);
}

test.each([
  ['$A', 'a'],
  ['${A}', 'a'],
  ['%A%', 'a'],
  ['x$A-${A}y', 'xa-ay'],
  ['$NESTED', 'na'],
  ['$NONE', ''],
  ['x${NONE}y', 'xy'],
  ['%NONE%', '%NONE%'],
  ['$$A', '$A'],
  ['$${A}', '${A}'],
  ['$$$A', '$a'],
  ['%%A%', '%%A%'],
  ['100%', '100%'],
  ['a $ b', 'a  b'],
  ['cost: 5$', 'cost: 5$'],
  ['$1 $? ${#} $-', '   '],
  ['${}', ''],
  ['${A', 'A'],
  ['${A:-x}', ''],
  ['$(touch canary)', '(touch canary)'],
  ['$RAW', 'r$A'],
  ['${RAW}', 'r$A'],
  ['$X', '$X'],
])('%j reaches a job as %j', (written, expected) => {
  const given = variables({ A: 'a', NESTED: 'n$A', X: written }, { RAW: 'r$A' });
  // A variable that names itself finds only its own text at the runner.
  expect(expandVariables(given).get('X')).toBe(expected);
});

test('a raw value stays as it is', () => {
  const value = '$A ${A} $$ $(id) %A%';
  expect(expandVariables(variables({ A: 'a' }, { X: value })).get('X')).toBe(value);
});

test('the order of definition does not matter', () => {
  const chain = { A: '$B', B: '$C', C: 'c' };
  expect(Object.fromEntries(expandVariables(variables(chain)))).toEqual({ A: 'c', B: 'c', C: 'c' });
});

test('a circle is found and left to the runner, who expands once', () => {
  const circle = variables({ A: '$B', B: 'x$A' });
  expect(findVariableCycle(circle)).toEqual(['A', 'B']);
  expect(expandVariables(circle).get('A')).toBe('x$A');
});

test.each([
  ['itself', variables({ A: '$A' })],
  ['an unknown one', variables({ A: '$B' })],
  ['a raw one', variables({ A: '$B' }, { B: '$A' })],
])('a variable of %s is no circle', (_, given) => {
  expect(findVariableCycle(given)).toBeUndefined();
});

test('the runner knows no percent signs', () => {
  expect(runnerExpand('%A% $A', variables({ A: 'a' }))).toBe('%A% a');
});
