import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildLevels, dependentsOf, type ImageGraph, imageGraph } from '../../src/images/graph.ts';
import { side } from '../support/snapshot.ts';

function graph(edges: Record<string, string[]>): ImageGraph {
  return new Map(Object.entries(edges));
}

test('the graph has each needed image once, sorted, and none that does not exist', () => {
  const { images } = side({
    'a/Dockerfile': 'FROM b AS one\nFROM c\nCOPY --from=b / /\nCOPY --from=alpine / /\n',
    'b/Dockerfile': 'FROM scratch',
    'c/Dockerfile': 'FROM b',
  });
  expect(imageGraph(images)).toEqual(graph({ a: ['b', 'c'], b: [], c: ['b'] }));
  const [a] = images.values();
  expect(imageGraph(new Map(a ? [['a', a]] : []))).toEqual(graph({ a: [] }));
});

test('dependents are the edges the other way round', () => {
  expect(dependentsOf(graph({ a: ['b', 'c'], b: ['c'], c: [] }))).toEqual(graph({ b: ['a'], c: ['a', 'b'] }));
});

describe('buildLevels', () => {
  test.each<[string, Record<string, string[]>, string[][]]>([
    ['nothing', {}, []],
    ['names in order within a level', { b: [], a: [], c: ['a', 'b'] }, [['a', 'b'], ['c']]],
    [
      'one after the last image needed',
      { a: [], b: ['a'], c: ['a', 'b'], d: ['a'] },
      [['a'], ['b', 'd'], ['c']],
    ],
  ])('%s', (_, edges, levels) => {
    expect(buildLevels(graph(edges))).toEqual(levels);
  });

  test.each<[string, Record<string, string[]>, string]>([
    ['of two', { a: ['b'], b: ['a'] }, 'a → b → a'],
    ['below others', { a: ['b'], b: ['c'], c: ['d'], d: ['b'], e: [] }, 'b → c → d → b'],
  ])('a cycle %s is named', (_, edges, cycle) => {
    expect(() => buildLevels(graph(edges))).toThrow(
      expect.objectContaining({
        code: 'cycle',
        message: `The images need each other in a cycle: ${cycle}; remove one of these references`,
      }),
    );
  });

  test('in any graph without a cycle everything stands right above the highest image it needs', () => {
    const edges = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { maxLength: 20 });
    fc.assert(
      fc.property(edges, (given) => {
        const needs = graph(
          Object.fromEntries(
            given.map((targets, index) => [
              `i${index}`,
              [...new Set(targets.filter((to) => to < index))].map((to) => `i${to}`),
            ]),
          ),
        );
        const levels = buildLevels(needs);
        const level = new Map(levels.flatMap((names, index) => names.map((name) => [name, index] as const)));
        expect(level.size).toBe(needs.size);
        for (const [name, needed] of needs) {
          expect(level.get(name)).toBe(
            Math.max(-1, ...needed.map((image) => level.get(image) as number)) + 1,
          );
        }
      }),
    );
  });

  test('10,000 images in a chain', () => {
    const chain = new Map(
      Array.from({ length: 10_000 }, (_, index) => [`i${index}`, index === 0 ? [] : [`i${index - 1}`]]),
    );
    expect(buildLevels(chain)).toHaveLength(10_000);
  });
});
