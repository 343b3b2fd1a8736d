import fc from 'fast-check';
import { expect, test } from 'vitest';
import { childPipeline } from '../../src/pipeline/child-pipeline.ts';
import { CiPlain, CiReference } from '../../src/pipeline/ci-yaml.ts';
import { limitsOf } from '../../src/pipeline/limits.ts';
import { overLimit, sizeOf, yamlBytes } from '../../src/pipeline/size.ts';
import { renderPipelineYaml } from '../../src/render/pipeline-yaml.ts';
import { loadYaml } from '../support/gitlab/load.ts';
import { measure } from '../support/gitlab/memory.ts';
import type { Value } from '../support/gitlab/value.ts';
import { plan } from '../support/plan.ts';
import { runs } from '../support/runs.ts';

// What ObjectSpace.memsize_of says, of Ruby 3.1 or with the slots of 3.2: the larger.
test.each([
  ['a short word', 'x'.repeat(23), 40],
  ['a word that just fits the next slot', 'x'.repeat(24), 80],
  ['a word apart from its object', 'x'.repeat(55), 96],
  ['a word in a large slot', 'x'.repeat(57), 160],
  ['a text', 'x'.repeat(1000), 1041],
  ['text of several bytes a character', 'é'.repeat(12), 80],
  ['a truth', true, 0],
  ['an unquoted word', new CiPlain('1'), 40],
  ['a reference', new CiReference(['.a', 'script']), 160],
  ['a short list', ['a', 'b', 'c'], 160],
  ['a list', Array.from({ length: 4 }, () => 'a'), 360],
  ['a long list', Array.from({ length: 50 }, () => true), 840],
  ['nothing in a mapping', {}, 168],
  ['a mapping', { a: 'b' }, 248],
])('%s', (_, value, bytes) => {
  expect(yamlBytes(value)).toBe(bytes);
});

test('a large mapping weighs at least what Ruby says', () => {
  // ruby 3.1: ObjectSpace.memsize_of of a mapping that was loaded from YAML.
  const measured = [
    [9, 928],
    [33, 1760],
    [65, 3424],
    [129, 7264],
    [300, 14_432],
    [2000, 57_440],
  ] as const;
  for (const [size, bytes] of measured) {
    const keys = Array.from({ length: size }, (_, index) => [`k${index}`, true] as const);
    const weight = yamlBytes(Object.fromEntries(keys)) - size * 40;
    expect(weight).toBeGreaterThanOrEqual(bytes);
    expect(weight).toBeLessThan(bytes * 1.8);
  }
});

test('a pipeline weighs what its file does, or somewhat more', () => {
  const name = fc.stringMatching(/^[a-z]{1,30}$/);
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 12 }), (names) => {
      const files = Object.fromEntries(
        names.map((each, index) => [
          `${each}/Dockerfile`,
          `FROM scratch\n${names
            .slice(0, index)
            .map((base) => `COPY --from=${base} / /\n`)
            .join('')}`,
        ]),
      );
      const pipeline = childPipeline(plan(files));
      const file = measure(loadYaml(renderPipelineYaml(pipeline, { header: [] })).config as Value).bytes;
      expect(sizeOf(pipeline).yamlBytes).toBeGreaterThanOrEqual(file);
      expect(sizeOf(pipeline).yamlBytes).toBeLessThan(file * 1.5);
    }),
    { numRuns: runs(30) },
  );
});

test('a pipeline over a limit is told with the numbers', () => {
  const limits = limitsOf({ tier: 'self-managed', jobs: 2, yamlBytes: 9 });
  expect(overLimit({ jobs: 2, yamlBytes: 9 }, limits)).toBeUndefined();
  expect(overLimit({ jobs: 3, yamlBytes: 9 }, limits)).toBe(
    'has 3 jobs; GitLab takes 2 (limits.jobs in affected.yml)',
  );
  expect(overLimit({ jobs: 2, yamlBytes: 10 }, limits)).toBe(
    "takes 10 bytes of GitLab's memory; it gives 9 (limits.yamlBytes in affected.yml)",
  );
});
