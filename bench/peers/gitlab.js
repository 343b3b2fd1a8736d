// A GitLab that answers, for the situation in which its answer decides: the one that the tests have.
import { join, resolve } from 'node:path';
import { build } from 'rolldown';

const root = resolve(import.meta.dirname, '../..');
const TOKEN = 'token-of-the-job';

/**
 * Starts it on this machine, with a pipeline of main that built all and a later one that failed.
 *
 * @param options `{ scratch, built, failed }`: a directory to write to, and the commits of the two pipelines.
 * @returns `{ variables, close }`: what GitLab gives each job to ask it with.
 */
export async function startGitLab({ scratch, built, failed }) {
  const directory = join(scratch, 'gitlab');
  await build({
    input: {
      server: join(root, 'test/support/gitlab-server/server.ts'),
      header: join(root, 'src/pipeline/header.ts'),
    },
    platform: 'node',
    output: { dir: directory, entryFileNames: '[name].mjs', format: 'esm' },
    logLevel: 'warn',
  });
  const server = await (await import(join(directory, 'server.mjs'))).startGitLab();
  const { pipelineHeader } = await import(join(directory, 'header.mjs'));
  const pipelinesOf = pipelines(pipelineHeader);
  server.state = {
    projects: [
      { id: 7, pipelines: [...pipelinesOf(100, built, 'success'), ...pipelinesOf(200, failed, 'failed')] },
    ],
    tokens: [{ kind: 'job', value: TOKEN, project: 7 }],
  };
  const variables = { CI_API_V4_URL: server.url, CI_PROJECT_ID: '7', CI_JOB_TOKEN: TOKEN };
  return { variables, close: server.close };
}

/** A pipeline with the file it generated, and the child of it, which builds one image. */
function pipelines(pipelineHeader) {
  return (id, sha, status) => {
    const lines = pipelineHeader({ base: null, head: sha, baseWhy: '' }).map((line) => `# ${line}\n`);
    const artifacts = { 'child-pipeline.yml': `${lines.join('')}dbt:build:\n  script: [build]\n` };
    const jobs = [{ id: id + 1, name: 'generate-pipeline', status: 'success', artifacts }];
    const bridges = [{ id: id + 2, name: 'images', status, downstream: id + 3 }];
    const builds = [{ id: id + 4, name: 'dbt:build', status }];
    return [
      { id, ref: 'main', sha, status, jobs, bridges },
      { id: id + 3, ref: 'main', sha, status, source: 'parent_pipeline', jobs: builds },
    ];
  };
}
