import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { childPipeline } from '../../src/pipeline/child-pipeline.ts';
import type { LimitSettings } from '../../src/pipeline/limits.ts';
import { plan } from '../support/plan.ts';
import { runs } from '../support/runs.ts';

/** Images on nothing, and one that takes files from each of them. */
function manyBases(count: number, more: Record<string, string> = {}): Record<string, string> {
  const names = Array.from({ length: count }, (_, index) => `b${index + 1}`);
  return {
    ...Object.fromEntries(names.map((name) => [`${name}/Dockerfile`, 'FROM scratch\n'])),
    'z/Dockerfile': `FROM scratch\n${names.map((name) => `COPY --from=${name} / /\n`).join('')}`,
    ...more,
  };
}

function jobsOf(files: Record<string, string>, limits: Partial<LimitSettings> = {}) {
  const { jobs } = childPipeline(plan(files, { limits }));
  return new Map(jobs.map(({ name, definition }) => [name, definition]));
}

/** The jobs of the image z, each with how many jobs it needs. */
function needsOfZ(jobs: ReturnType<typeof jobsOf>): [string, number][] {
  return [...jobs]
    .filter(([name]) => name.startsWith('z:'))
    .map(([name, { needs }]) => [name, Array.isArray(needs) ? needs.length : 0]);
}

describe('a build with more needs than GitLab allows', () => {
  test('needs some of them through barriers, as few as will do', () => {
    expect(needsOfZ(jobsOf(manyBases(50)))).toEqual([['z:build', 50]]);
    expect(needsOfZ(jobsOf(manyBases(51)))).toEqual([
      ['z:needs-1', 14],
      ['z:build', 38],
    ]);
    expect(needsOfZ(jobsOf(manyBases(65)))).toEqual([
      ['z:needs-1', 14],
      ['z:needs-2', 14],
      ['z:build', 39],
    ]);
  });

  test('a barrier waits for builds and names what they hand over', () => {
    const jobs = jobsOf(manyBases(4), { needs: 3, dotenvVariables: 2 });
    expect([jobs.get('z:needs-1'), jobs.get('z:build')]).toEqual([
      {
        extends: '.affected-barrier',
        stage: 'build',
        needs: ['b1:build', 'b2:build'],
        variables: { AFFECTED_HANDOVERS: 'AFFECTED_IMAGE_B1 AFFECTED_IMAGE_B2' },
      },
      expect.objectContaining({ needs: ['z:needs-1', 'b3:build', 'b4:build'] }),
    ]);
  });

  test.each<[Partial<LimitSettings>, [string, number][]]>([
    [
      { needs: 5, dotenvVariables: 3 },
      [
        ['z:needs-1', 3],
        ['z:needs-2', 3],
        ['z:build', 4],
      ],
    ],
    [
      { needs: 3 },
      [
        ['z:needs-1', 3],
        ['z:needs-2', 3],
        ['z:needs-3', 2],
        ['z:build', 3],
      ],
    ],
    // Two lines of 255 characters of repository, 17 of variable, 1 + 8 + 64 + 1 of the rest have 692 bytes.
    [
      { needs: 5, dotenvBytes: 693 },
      [
        ['z:needs-1', 2],
        ['z:needs-2', 2],
        ['z:needs-3', 2],
        ['z:build', 5],
      ],
    ],
  ])('within %j', (limits, expected) => {
    expect(needsOfZ(jobsOf(manyBases(8), limits))).toEqual(expected);
  });

  test('its own jobs count, and keep their names', () => {
    const ci =
      'needs-1: {stage: build, script: [a]}\nbefore: {stage: build, script: [b]}\nbuild: {needs: [needs-1, before]}\n';
    const jobs = jobsOf(manyBases(4, { 'z/.gitlab-ci.yml': ci }), { needs: 4 });
    expect(jobs.get('z:build')?.['needs']).toEqual(['z:needs-2', 'z:needs-1', 'z:before']);
    expect(jobs.get('z:needs-2')?.['needs']).toEqual(['b1:build', 'b2:build', 'b3:build', 'b4:build']);
    expect(jobs.get('z:needs-1')?.['needs']).toBeUndefined();
  });

  test('its later jobs need the build, and no barrier', () => {
    const ci = 'smoke: {stage: test, script: [a]}\n';
    const jobs = jobsOf(manyBases(4, { 'z/.gitlab-ci.yml': ci }), { needs: 3 });
    expect(jobs.get('z:smoke')?.['needs']).toEqual(['z:build']);
  });

  test('a base behind a barrier must be built as well as any other', () => {
    const ci = 'build: {rules: [{if: $NEVER}]}\n';
    const files = manyBases(4, { 'b1/.gitlab-ci.yml': ci });
    expect(() => jobsOf(files, { needs: 3 })).toThrow(
      '"rules" that may leave it out, but "z" is built from it',
    );
  });

  test('which barriers can not hold is refused with the numbers', () => {
    expect(needsOfZ(jobsOf(manyBases(4), { needs: 2 }))).toHaveLength(3);
    expect(() => jobsOf(manyBases(5), { needs: 2 })).toThrow(
      'The image "z" is built from 5 images of this pipeline; GitLab allows 2 needs a job, and a job between them can hand on 2 images (limits.needs, limits.dotenvVariables and limits.dotenvBytes in affected.yml)',
    );
    expect(() => jobsOf(manyBases(3), { needs: 2, dotenvBytes: 600 })).toThrow('can hand on 1 images');
    expect(() => jobsOf(manyBases(2), { needs: 1 })).toThrow('can hand on 1 images');
  });
});

test('any images, any limits: each digest arrives, and no job is over a limit', () => {
  // At most twelve bases: four needs hold so many, of three images each.
  const graph = fc
    .integer({ min: 2, max: 13 })
    .chain((count) =>
      fc.tuple(
        ...Array.from({ length: count }, (_, index) =>
          fc.subarray(Array.from({ length: index }, (__, base) => `i${base}`)),
        ),
      ),
    );
  const limitsOf = fc.record({
    needs: fc.integer({ min: 4, max: 8 }),
    dotenvVariables: fc.integer({ min: 3, max: 9 }),
    dotenvBytes: fc.integer({ min: 1100, max: 3000 }),
  });
  fc.assert(
    fc.property(graph, limitsOf, (bases, limits) => {
      const files = Object.fromEntries(
        bases.map((from, index) => [
          `i${index}/Dockerfile`,
          `FROM scratch\n${from.map((base) => `COPY --from=${base} / /\n`).join('')}`,
        ]),
      );
      const jobs = jobsOf(files, limits);
      expect([...jobs.keys()].filter((name) => name.endsWith(':build'))).toHaveLength(bases.length);
      const handedOver = (name: string): readonly string[] => {
        const variables = jobs.get(name)?.['variables'] as Record<string, string>;
        const { AFFECTED_HANDOVER: own, AFFECTED_HANDOVERS: others } = variables;
        return own === undefined ? (others as string).split(' ') : [own];
      };
      for (const [name, { needs = [], variables }] of jobs) {
        const needed = needs as readonly string[];
        expect(needed.length).toBeLessThanOrEqual(limits.needs);
        const arriving = new Set(needed.flatMap(handedOver));
        const { AFFECTED_HANDOVERS: others, ...own } = variables as Record<string, string>;
        const used = Object.entries(own).flatMap(([key, value]) =>
          key.startsWith('AFFECTED_BASE_') ? [value.split(':')[2] as string] : [],
        );
        for (const variable of [...used, ...(others?.split(' ') ?? [])]) expect(arriving).toContain(variable);
        if (others === undefined) expect(new Set(used)).toEqual(arriving);
        else {
          expect(others.split(' ').length).toBeLessThanOrEqual(limits.dotenvVariables);
          const report = others.split(' ').map((each) => `${each}=${'x'.repeat(255 + 8 + 64)}\n`);
          expect(report.join('').length).toBeLessThan(limits.dotenvBytes);
          expect(name).toMatch(/^i\d+:needs-\d+$/);
        }
      }
    }),
    { numRuns: runs(100) },
  );
});
