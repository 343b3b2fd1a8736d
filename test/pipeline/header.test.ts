import fc from 'fast-check';
import { expect, test } from 'vitest';
import { baseReason, headOfPipeline, pipelineHeader } from '../../src/pipeline/header.ts';
import { builtByJob, buildJobName, NO_OP_JOB } from '../../src/pipeline/job-names.ts';
import { childPipeline } from '../../src/pipeline/child-pipeline.ts';
import { renderPipelineYaml } from '../../src/render/pipeline-yaml.ts';
import { plan } from '../support/plan.ts';

const commit = fc
  .constantFrom(40, 64)
  .chain((length) =>
    fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length }),
  );

test('the head is read back from what is written, whatever the reason of the base', () => {
  const pipeline = childPipeline(plan({ 'a/Dockerfile': 'FROM x' }));
  const why = fc.oneof(
    fc.string({ unit: 'binary' }),
    commit.map((other) => `x)\n# head ${other}\n`),
  );
  fc.assert(
    fc.property(fc.option(commit), commit, why, (base, head, baseWhy) => {
      const text = renderPipelineYaml(pipeline, { header: pipelineHeader({ base, head, baseWhy }) });
      expect(headOfPipeline(text)).toBe(head);
    }),
  );
});

test('a file that ends with its header has one too', () => {
  const header = pipelineHeader({ base: null, head: 'a'.repeat(40), baseWhy: 'x' });
  expect(headOfPipeline(header.map((line) => `# ${line}`).join('\n'))).toBe('a'.repeat(40));
});

test('a build’s name tells its image', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (image) => {
      expect(builtByJob(buildJobName(image))).toBe(image);
    }),
  );
  expect(['a:test', 'build', ':build', 'a:build 1/2', NO_OP_JOB].map((name) => builtByJob(name))).toEqual(
    Array.from({ length: 5 }, () => undefined),
  );
});

test('what stands below a header is no part of it', () => {
  const [first] = pipelineHeader({ base: null, head: 'a'.repeat(40), baseWhy: '' });
  const text = `# ${first}\na:\n  script: |\n# base none (AFFECTED_BASE names it)\n# head ${'a'.repeat(40)}\n`;
  expect(headOfPipeline(text)).toBeUndefined();
  expect(baseReason(text)).toBeUndefined();
});
