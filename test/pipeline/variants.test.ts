import fc from 'fast-check';
import { expect, test } from 'vitest';
import { childPipeline } from '../../src/pipeline/child-pipeline.ts';
import { renderPipelineYaml } from '../../src/render/pipeline-yaml.ts';
import { checkPipeline } from '../support/gitlab/check.ts';
import { plan } from '../support/plan.ts';

const variantName = fc.constantFrom(
  '21',
  '1.0',
  '1_000',
  '0x1',
  'on',
  'null',
  'A-b',
  '_',
  '21-slim',
  'a',
  'A',
);
const variants = fc
  .uniqueArray(variantName, { maxLength: 4 })
  .map((names) => Object.fromEntries(names.map((name) => [name, {}])));
const reference = fc.tuple(fc.constantFrom('x', 'y'), variantName).map(([name, tag]) => `${name}:${tag}`);
const ciFile = fc.constantFrom(
  '',
  'test: {script: [a]}\n',
  '.hidden: {script: [a]}\ntest: {extends: .hidden, needs: [build]}\nbuild: {tags: [a]}\n',
);

test('whatever the variants, GitLab takes the pipeline, and no two jobs push or hand over the same', () => {
  fc.assert(
    fc.property(
      fc.tuple(variants, variants, variants),
      fc.array(reference, { maxLength: 3 }),
      ciFile,
      fc.constantFrom('merge-request', 'default-branch'),
      ([x, y, app], bases, jobs, publication) => {
        const files = {
          'x/Dockerfile': 'FROM scratch\n',
          'y/Dockerfile': 'FROM scratch\n',
          'app/Dockerfile': `FROM scratch\n${bases.map((base) => `COPY --from=${base} / /\n`).join('')}`,
          ...(jobs === '' ? {} : { 'app/.gitlab-ci.yml': jobs, 'x/.gitlab-ci.yml': jobs }),
        };
        const planned = plan(files, {
          publication,
          images: { x: { variants: x }, y: { variants: y }, app: { variants: app } },
        });
        const { builds } = planned;
        const all = [x, y, app].map((own) => Math.max(1, Object.keys(own).length));
        expect(builds).toHaveLength(all.reduce((sum, count) => sum + count));
        for (const values of [
          builds.map(({ name }) => name),
          builds.map(({ variable }) => variable),
          builds.flatMap(({ destinations }) => destinations),
        ])
          expect(new Set(values).size).toBe(values.length);
        for (const { repository } of builds) expect(repository).toMatch(/^\$CI_REGISTRY_IMAGE\/(?:x|y|app)$/);
        const yaml = renderPipelineYaml(childPipeline(planned), { header: [] });
        expect(checkPipeline(yaml, { context: 'child-of-merge-request', tier: 'free' })).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});
