import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChildPipeline } from '../../src/pipeline/child-pipeline.ts';
import { parseCiFile } from '../../src/pipeline/ci-yaml.ts';
import type { LimitSettings } from '../../src/pipeline/limits.ts';
import { sizeOf } from '../../src/pipeline/size.ts';
import { startedFiles } from '../../src/pipeline/starting-pipeline.ts';
import { childPipelines } from '../../src/pipeline/waves.ts';
import { renderPipelineYaml } from '../../src/render/pipeline-yaml.ts';
import { checkPipeline } from '../support/gitlab/check.ts';
import { checkSchema } from '../support/gitlab/schema.ts';
import { planOptions } from '../support/plan.ts';
import { runs } from '../support/runs.ts';

const source = {
  pipeline: '4711',
  job: 'generate-pipeline',
  file: (wave: number) => `child.wave-${wave}.yml`,
};

function pipelinesOf(
  files: Record<string, string>,
  limits: Partial<LimitSettings>,
  more: Omit<NonNullable<Parameters<typeof planOptions>[1]>, 'limits'> = {},
) {
  return childPipelines({ ...planOptions(files, { ...more, limits }), source });
}

const names = ({ jobs }: ChildPipeline) => jobs.map(({ name }) => name);
const jobOf = (pipeline: ChildPipeline | undefined, name: string) =>
  pipeline?.jobs.find((job) => job.name === name)?.definition;

/** a ← b ← c, and d on its own. */
const chain = {
  'a/Dockerfile': 'FROM scratch\n',
  'b/Dockerfile': 'FROM a\n',
  'c/Dockerfile': 'FROM b:1.0\nCOPY --from=a / /\n',
  'd/Dockerfile': 'FROM scratch\n',
};

describe('more than GitLab takes in one pipeline', () => {
  test('is one pipeline as long as it takes it', () => {
    const { pipeline, waves } = pipelinesOf(chain, { jobs: 4 });
    expect([names(pipeline), waves]).toEqual([['a:build', 'd:build', 'b:build', 'c:build'], []]);
    expect(JSON.stringify(pipeline)).not.toContain('candidate-pipeline');
  });

  test('is cut by build order, filled up to the limit', () => {
    const { waves } = pipelinesOf(chain, { jobs: 3 });
    expect(waves.map(names)).toEqual([['a:build', 'd:build', 'b:build'], ['c:build']]);
  });

  test('an earlier wave’s image comes from the registry, by a tag that nothing else pushes', () => {
    const { waves } = pipelinesOf(chain, { jobs: 3 });
    expect(jobOf(waves[0], 'a:build')?.['variables']).toMatchObject({
      AFFECTED_DESTINATION_3: '$CI_REGISTRY_IMAGE/a:candidate-pipeline-4711',
    });
    expect(jobOf(waves[0], 'd:build')?.['variables']).not.toHaveProperty('AFFECTED_DESTINATION_3');
    expect(jobOf(waves[0], 'b:build')).toMatchObject({
      needs: ['a:build'],
      variables: { AFFECTED_BASE_1: '1:6:AFFECTED_IMAGE_A:a' },
    });
    expect(jobOf(waves[1], 'c:build')).toMatchObject({
      needs: [],
      variables: {
        AFFECTED_BASE_1: '2:13:AFFECTED_PUBLISHED_1:a',
        AFFECTED_BASE_2: '1:6:AFFECTED_PUBLISHED_2:b:1.0',
        AFFECTED_PUBLISHED_1: '$CI_REGISTRY_IMAGE/a:candidate-pipeline-4711',
        AFFECTED_PUBLISHED_2: '$CI_REGISTRY_IMAGE/b:candidate-pipeline-4711',
      },
    });
  });

  test('however the Dockerfile names it; what no later wave takes has no such tag', () => {
    const files = {
      ...chain,
      'c/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/b:1.0\n',
    };
    const { waves } = pipelinesOf(files, { jobs: 3 });
    expect(jobOf(waves[1], 'c:build')?.['variables']).toMatchObject({
      AFFECTED_BASE_1: { value: '2:6:AFFECTED_PUBLISHED_1:$CI_REGISTRY_IMAGE/b:1.0', expand: false },
      AFFECTED_PUBLISHED_1: '$CI_REGISTRY_IMAGE/b:candidate-pipeline-4711',
    });
    expect(JSON.stringify(waves[0]).match(/\w:candidate-pipeline/g)).toEqual(['b:candidate-pipeline']);
  });

  test('variants share a repository, but no tag', () => {
    const files = { 'a/Dockerfile': 'FROM scratch\n', 'b/Dockerfile': 'FROM a:slim\n' };
    const { waves } = pipelinesOf(
      files,
      { jobs: 3 },
      { images: { a: { variants: { slim: { tags: ['slim'] }, full: {}, '1': {} } } } },
    );
    const tags = waves.map((wave) => JSON.stringify(wave).match(/a:candidate-[\w-]*/g));
    expect(tags).toEqual([['a:candidate-pipeline-4711_slim'], ['a:candidate-pipeline-4711_slim']]);
  });

  test('an image’s own jobs stay with its build', () => {
    const files = { ...chain, 'd/.gitlab-ci.yml': 'smoke: {script: [a]}\nscan: {script: [b]}\n' };
    const { waves } = pipelinesOf(files, { jobs: 4 });
    expect(waves.map(names)).toEqual([
      ['a:build', 'd:build', 'd:smoke', 'd:scan'],
      ['b:build', 'c:build'],
    ]);
  });

  test('what an earlier wave has not published stops what is built from it from being published', () => {
    const options = planOptions(chain, { publication: 'default-branch', limits: { jobs: 6 } });
    const { waves } = childPipelines({ ...options, pipeline: source.pipeline, source });
    expect(waves.map(names)).toEqual([
      ['a:build', 'a:publish', 'd:build', 'd:publish', 'b:build', 'b:publish'],
      ['c:build', 'c:publish'],
    ]);
    const released = (image: string) => `$CI_REGISTRY_IMAGE/${image}:candidate-pipeline-4711-released`;
    expect(jobOf(waves[1], 'c:publish')?.['variables']).toMatchObject({
      AFFECTED_AFTER_1: released('a'),
      AFFECTED_AFTER_2: released('b'),
    });
    const tags = (job: string) => Object.values(jobOf(waves[0], job)?.['variables'] ?? {});
    expect(tags('b:publish')).toContain('candidate-pipeline-4711-released');
    expect(tags('d:publish')).not.toContain('candidate-pipeline-4711-released');
    expect(jobOf(waves[0], 'b:publish')?.['variables']).not.toHaveProperty('AFFECTED_AFTER_1');
    // Pushed once, though later waves look for it too.
    expect(tags('a:build').filter((value) => String(value).includes(':candidate-pipeline-'))).toHaveLength(1);
  });

  test('is cut by its weight too', () => {
    const whole = sizeOf(pipelinesOf(chain, {}).pipeline).yamlBytes;
    const { waves } = pipelinesOf(chain, { yamlBytes: whole - 1 });
    expect(waves.flatMap(names)).toEqual(['a:build', 'd:build', 'b:build', 'c:build']);
    expect(waves).toHaveLength(2);
  });

  test('barriers are for what the same wave builds only', () => {
    const bases = ['a', 'b', 'c', 'd', 'e'];
    const files = {
      ...Object.fromEntries(bases.map((name) => [`${name}/Dockerfile`, 'FROM scratch\n'])),
      'z/Dockerfile': `FROM scratch\n${bases.map((name) => `COPY --from=${name} / /\n`).join('')}`,
    };
    const { waves } = pipelinesOf(files, { jobs: 4, needs: 3 });
    expect(waves.map(names)).toEqual([
      ['a:build', 'b:build', 'c:build', 'd:build'],
      ['e:build', 'z:build'],
    ]);
    expect(jobOf(waves[1], 'z:build')?.['needs']).toEqual(['e:build']);
  });
});

describe('the pipeline that starts the waves', () => {
  test('brings their files and starts one after the other, whatever became of the one before', async () => {
    const { pipeline, waves } = pipelinesOf(chain, { jobs: 3 });
    expect(waves).toHaveLength(2);
    const yaml = renderPipelineYaml(pipeline, { header: [] });
    expect(checkPipeline(yaml, { context: 'child-of-merge-request' })).toEqual([]);
    expect(await checkSchema(yaml)).toEqual([]);
    expect(pipeline.jobs).toEqual([
      {
        name: 'wave-files',
        definition: {
          extends: '.affected-wave-files',
          stage: 'files',
          needs: [{ pipeline: '4711', job: 'generate-pipeline' }],
          artifacts: { paths: ['child.wave-1.yml', 'child.wave-2.yml'] },
        },
      },
      ...[1, 2].map((wave) => ({
        name: `wave-${wave}`,
        definition: {
          stage: 'waves',
          needs: ['wave-files', ...(wave === 1 ? [] : ['wave-1'])],
          rules: [{ when: wave === 1 ? 'on_success' : 'always' }],
          trigger: {
            include: [{ artifact: `child.wave-${wave}.yml`, job: 'wave-files' }],
            strategy: 'depend',
            forward: { yaml_variables: false, pipeline_variables: true },
          },
        },
      })),
    ]);
  });

  test.each([
    ['merge-request', true],
    ['default-branch', false],
  ] as const)('of a %s: a newer push cancels it: %s', (publication, interruptible) => {
    const { pipeline, waves } = pipelinesOf(
      chain,
      { jobs: publication === 'merge-request' ? 3 : 6 },
      { publication },
    );
    expect([pipeline, ...waves].map((each) => each.default)).toEqual([
      { interruptible },
      { interruptible },
      { interruptible },
    ]);
  });
});

test.each([
  ['each', 'a.yml', 'b.yml', ['a.yml', 'b.yml']],
  ['none where one is no name', '12', 'b.yml', []],
])('a starting pipeline’s file tells which files it starts others with: %s', (_, first, second, files) => {
  const jobs = [first, second].map(
    (file, index) => `wave-${index}: {trigger: {include: [{artifact: ${file}, job: wave-files}]}}\n`,
  );
  const text = `wave-files: {script: [x]}\n${jobs.join('')}`;
  expect(startedFiles(parseCiFile(text, 'child.yml'))).toEqual(files);
  expect(startedFiles(parseCiFile(jobs.join(''), 'child.yml'))).toEqual([]);
});

describe('refused before anything is written', () => {
  test.each<[string, Partial<LimitSettings>, RegExp]>([
    [
      'an image too large for any pipeline',
      { jobs: 3 },
      /^A child pipeline of the image "b" alone has 4 jobs; GitLab takes 3 \(limits\.jobs in affected\.yml\)$/,
    ],
    [
      'an image too heavy for any pipeline',
      { yamlBytes: 1000 },
      /^A child pipeline of the image "a" alone takes \d+ bytes of GitLab's memory; it gives 1000 \(limits\.yamlBytes/,
    ],
  ])('%s', (_, limits, message) => {
    const ci = 'x: {script: [a]}\ny: {script: [a]}\nz: {script: [a]}\n';
    expect(() => pipelinesOf({ ...chain, 'b/.gitlab-ci.yml': ci }, limits)).toThrow(message);
  });

  test('more waves than one pipeline may start', () => {
    expect(() => pipelinesOf(chain, { jobs: 2 })).toThrow(
      'The child pipeline of 4 images has 4 jobs; GitLab takes 2 (limits.jobs in affected.yml); as 2 pipelines they are too many, of 1000 that one may start: the one that starts them has 3 jobs; GitLab takes 2 (limits.jobs in affected.yml)',
    );
  });

  test('waves where GitLab nests no deeper', () => {
    const options = { ...planOptions(chain, { limits: { jobs: 3 } }), source: undefined };
    expect(() => childPipelines(options)).toThrow(
      'The child pipeline of 4 images has 4 jobs; GitLab takes 3 (limits.jobs in affected.yml), and several would be nested deeper than GitLab allows, as this is a child pipeline itself; run affected generate in the pipeline above it',
    );
  });
});

test('any images, any limits: each is built once, after what it is built from, and by that', () => {
  // At most twelve bases: four needs hold so many, of three images each.
  const graph = fc.integer({ min: 1, max: 13 }).chain((count) =>
    fc.tuple(
      ...Array.from({ length: count }, (_, index) =>
        fc.record({
          bases: fc.subarray(Array.from({ length: index }, (__, base) => `i${base}`)),
          tests: fc.integer({ min: 0, max: 2 }),
        }),
      ),
    ),
  );
  const anyLimits = fc.record({
    jobs: fc.integer({ min: 12, max: 24 }),
    needs: fc.integer({ min: 4, max: 8 }),
    dotenvVariables: fc.integer({ min: 3, max: 9 }),
    yamlBytes: fc.integer({ min: 40_000, max: 90_000 }),
  });
  fc.assert(
    fc.property(graph, anyLimits, (images, limits) => {
      const files = Object.fromEntries(
        images.flatMap(({ bases, tests }, index) => [
          [
            `i${index}/Dockerfile`,
            `FROM scratch\n${bases.map((base) => `COPY --from=${base} / /\n`).join('')}`,
          ],
          ...(tests === 0
            ? []
            : [
                [
                  `i${index}/.gitlab-ci.yml`,
                  ['a', 'b']
                    .slice(0, tests)
                    .map((name) => `${name}: {script: [x]}\n`)
                    .join(''),
                ],
              ]),
        ]),
      );
      const { pipeline, waves } = pipelinesOf(files, limits);
      const all = waves.length === 0 ? [pipeline] : waves;
      for (const each of [pipeline, ...waves]) {
        expect(sizeOf(each).jobs).toBeLessThanOrEqual(limits.jobs);
        expect(sizeOf(each).yamlBytes).toBeLessThanOrEqual(limits.yamlBytes);
        const findings = checkPipeline(renderPipelineYaml(each, { header: [] }), { context: 'child' });
        expect(findings).toEqual([]);
      }
      const position = new Map(all.flatMap((each, wave) => names(each).map((name) => [name, wave] as const)));
      const planned = images.flatMap(({ tests }, index) =>
        ['build', 'a', 'b'].slice(0, 1 + tests).map((job) => `i${index}:${job}`),
      );
      const found = all.flatMap(names).filter((name) => !/:needs-\d+$/.test(name));
      expect(found.toSorted()).toEqual(planned.toSorted());
      for (const [index, { bases, tests }] of images.entries()) {
        const name = `i${index}:build`;
        const wave = position.get(name) as number;
        const variables = jobOf(all[wave], name)?.['variables'] as Record<string, string>;
        for (const own of ['a', 'b'].slice(0, tests)) expect(position.get(`i${index}:${own}`)).toBe(wave);
        const used = Object.entries(variables).filter(([key]) => key.startsWith('AFFECTED_BASE_'));
        const froms = Object.fromEntries(
          used.map(([, value]) => value.split(':').slice(2).reverse()),
        ) as Record<string, string>;
        expect(Object.keys(froms).toSorted()).toEqual(bases.toSorted());
        for (const base of bases) {
          const before = position.get(`${base}:build`) as number;
          expect(before).toBeLessThanOrEqual(wave);
          const variable = froms[base] as string;
          if (before === wave) {
            expect(arriving(all[wave] as ChildPipeline, name)).toContain(variable);
            continue;
          }
          const reference = `$CI_REGISTRY_IMAGE/${base}:candidate-pipeline-4711`;
          expect(variables[variable]).toBe(reference);
          const pushed = jobOf(all[before], `${base}:build`)?.['variables'] as Record<string, string>;
          expect(Object.values(pushed)).toContain(reference);
        }
      }
    }),
    { numRuns: runs(60) },
  );
});

/** The dotenv variables that reach a job. */
function arriving(pipeline: ChildPipeline, name: string): readonly string[] {
  const needs = jobOf(pipeline, name)?.['needs'] as readonly string[];
  return needs.flatMap((need) => {
    const variables = jobOf(pipeline, need)?.['variables'] as Record<string, string>;
    const { AFFECTED_HANDOVER: own, AFFECTED_HANDOVERS: others = '' } = variables;
    return own === undefined ? others.split(' ') : [own];
  });
}
