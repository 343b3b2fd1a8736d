import { expect, test } from 'vitest';
import { limitsOf } from '../../src/pipeline/limits.ts';

test.each([
  ['self-managed', { jobs: Infinity, dotenvVariables: 20 }],
  ['free', { jobs: 450, dotenvVariables: 50 }],
  ['premium', { jobs: 1500, dotenvVariables: 100 }],
  ['ultimate', { jobs: 2000, dotenvVariables: 150 }],
] as const)('what GitLab allows: %s', (tier, limits) => {
  expect(limitsOf({ tier })).toEqual({
    needs: 50,
    dotenvBytes: 5120,
    yamlBytes: 2_097_152,
    artifactBytes: 5_242_880,
    ...limits,
  });
});

test('single limits count more than those of the tier', () => {
  expect(limitsOf({ tier: 'free', jobs: 400, needs: 100 })).toMatchObject({
    jobs: 400,
    needs: 100,
    dotenvVariables: 50,
  });
});
