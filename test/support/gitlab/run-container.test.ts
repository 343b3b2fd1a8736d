import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ContainerRequest } from './pipeline-run.ts';
import { jobOf, output, tryPipeline } from './try-pipeline.ts';

test('each run of a job gets its own container, for all of its scripts', async () => {
  const requests: ContainerRequest[] = [];
  const pipeline = await tryPipeline(
    `
a:
  image: {name: tool, entrypoint: ['']}
  retry: 1
  script: [echo $PLACE, pwd, echo $CI_PROJECT_DIR, ls, echo A=$PLACE > report, exit 1]
  after_script: [echo after $PLACE]
  artifacts: {reports: {dotenv: report}}
`,
    { container },
  );
  async function container(request: ContainerRequest) {
    requests.push(request);
    const { directory, project } = request;
    const projectDir = join(directory, 'elsewhere');
    await symlink(project, projectDir);
    return { shell: ['env', `PLACE=${requests.length}`, 'sh'], projectDir };
  }
  expect(requests.map(({ image }) => image)).toEqual([
    { name: 'tool', entrypoint: [''] },
    { name: 'tool', entrypoint: [''] },
  ]);
  const projectDir = join(requests[1]?.directory ?? '', 'elsewhere');
  expect(output(pipeline, 'a')).toEqual(['2', projectDir, projectDir, 'docker', 'after 2']);
  expect(jobOf(pipeline, 'a').dotenv).toEqual({ A: '2' });
});

test.each([
  ['image: tool', { name: 'tool', entrypoint: undefined }],
  ['image: {name: tool}', { name: 'tool', entrypoint: undefined }],
  ['inherit: {default: false}', undefined],
  ['{}', { name: 'of-all', entrypoint: undefined }],
])('a job with %s', async (written, image) => {
  const asked: unknown[] = [];
  const own = written === '{}' ? '' : `${written}, `;
  await tryPipeline(`default: {image: of-all}\njob: {${own}script: [echo]}\n`, {
    container: ({ image: each, project }) => {
      asked.push(each);
      return Promise.resolve({ shell: ['sh'], projectDir: project });
    },
  });
  expect(asked).toEqual([image]);
});
