import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { AffectedError } from '../../src/errors.ts';
import { childPipeline } from '../../src/pipeline/child-pipeline.ts';
import { renderPipelineYaml } from '../../src/render/pipeline-yaml.ts';
import { checkPipeline } from '../support/gitlab/check.ts';
import { plan } from '../support/plan.ts';
import { runs } from '../support/runs.ts';

const names = ['build', 'lint', 'scan', 'ship'];
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

const job = fc.record({
  stage: maybe(fc.constantFrom('build', 'test', 'deploy', '.pre', '.post', 'audit')),
  script: maybe(fc.constantFrom(['a'], 'a', [['a', 'b']])),
  needs: maybe(fc.uniqueArray(fc.constantFrom(...names, { job: 'lint', optional: true }), { maxLength: 3 })),
  dependencies: maybe(fc.uniqueArray(fc.constantFrom(...names.slice(1)), { maxLength: 2 })),
  extends: maybe(fc.constantFrom('.own', '.kaniko-build', '.manual', '.gone', ['.own', '.manual'])),
  rules: maybe(
    fc.constantFrom(
      [{ when: 'always' }],
      [{ if: '$X' }],
      [{ if: '$X', when: 'manual' }, { when: 'on_success' }],
    ),
  ),
  when: maybe(fc.constantFrom('manual', 'always', 'on_failure')),
  variables: maybe(fc.constant({ A: 'own' })),
});

const ciFile = fc.record({
  variables: maybe(fc.constant({ A: 'top', B: { value: 'b', description: 'd' } })),
  '.own': fc.record({
    script: maybe(fc.constant(['own'])),
    stage: maybe(fc.constant('audit')),
    needs: maybe(fc.constantFrom([], ['lint'])),
  }),
  '.manual': fc.constant({ when: 'manual' }),
  build: maybe(job),
  lint: maybe(job),
  scan: maybe(job),
  ship: maybe(job),
});

test('whatever an image’s CI file says, it is refused in a sentence or GitLab takes the pipeline', () => {
  let taken = 0;
  fc.assert(
    fc.property(ciFile, (content) => {
      const text = stringify(JSON.parse(JSON.stringify(content)));
      const files = {
        'a/Dockerfile': 'FROM scratch\n',
        'a/.gitlab-ci.yml': text,
        'b/Dockerfile': 'FROM a\n',
      };
      let yaml: string;
      try {
        yaml = renderPipelineYaml(childPipeline(plan(files)), { header: [] });
      } catch (error) {
        expect(error).toBeInstanceOf(AffectedError);
        return;
      }
      taken += 1;
      expect(checkPipeline(yaml, { context: 'child-of-merge-request' })).toEqual([]);
    }),
    { numRuns: runs(2000) },
  );
  expect(taken).toBeGreaterThan(100);
});
