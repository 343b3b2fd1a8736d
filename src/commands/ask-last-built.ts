import { relative, resolve } from 'node:path';
import type { AskLastBuilt, LastBuilt } from '../git/base-decision.ts';
import type { BuiltAnswer } from '../gitlab/built-commit.ts';
import type { CommandOptions } from '../run.ts';

/** For everything that GitLab is asked. */
const BUDGET_MS = 60_000;
const CHILD_PIPELINE = 'child-pipeline.yml';

/**
 * Asks GitLab which commit was built last: with a token that may read pipelines by what their builds came to, else with
 * the job's own by the child pipeline that the same job of the branch's latest successful pipeline wrote.
 *
 * @param options.say is told each request, a line each.
 * @returns undefined outside of GitLab, where there is nobody to ask.
 */
export function lastBuiltAt(
  options: Pick<CommandOptions, 'values' | 'surroundings'> & { say: (line: string) => void },
): AskLastBuilt | undefined {
  const { env } = options.surroundings;
  const { CI_API_V4_URL: url, CI_PROJECT_ID: projectId } = env;
  if (!url || !projectId) return undefined;
  const at = { ...options, url, projectId };
  return (question) => (env['AFFECTED_GITLAB_TOKEN'] ? byPipelines(at, question) : byArtifact(at, question));
}

type At = Parameters<typeof lastBuiltAt>[0] & { url: string; projectId: string };
type Question = Parameters<AskLastBuilt>[0];

/** Whoever set a token wants to know: without an answer nothing is taken to have been built. */
async function byPipelines(
  { surroundings, url, projectId, say }: At,
  question: Question,
): Promise<LastBuilt> {
  const { env } = surroundings;
  const [{ openGitLab }, { lastBuilt }, { proxiesOf }] = await Promise.all([
    import('../gitlab/api.ts'),
    import('../gitlab/last-built.ts'),
    import('../http/proxies.ts'),
  ]);
  const token = { kind: 'private', value: env['AFFECTED_GITLAB_TOKEN'] as string } as const;
  const api = openGitLab({ url, token, budgetMs: BUDGET_MS, say, proxyOf: proxiesOf(env) });
  const answer = await lastBuilt({ ...question, api, projectId, presentPipeline: env['CI_PIPELINE_ID'] });
  return toldBy(answer, 'none');
}

async function byArtifact(at: At, question: Question): Promise<LastBuilt> {
  const { values, surroundings, url, projectId, say } = at;
  const { env, cwd } = surroundings;
  const { CI_JOB_NAME: job, CI_JOB_TOKEN: value } = env;
  if (!job)
    return { kind: 'unasked', detail: 'there is no token to ask GitLab with (AFFECTED_GITLAB_TOKEN)' };
  const [{ openGitLab }, { lastArtifact }, { proxiesOf }] = await Promise.all([
    import('../gitlab/api.ts'),
    import('../gitlab/last-artifact.ts'),
    import('../http/proxies.ts'),
  ]);
  const api = openGitLab({
    url,
    token: value ? { kind: 'job', value } : undefined,
    budgetMs: BUDGET_MS,
    say,
    proxyOf: proxiesOf(env),
  });
  const path = relative(env['CI_PROJECT_DIR'] || cwd, resolve(cwd, values.output ?? CHILD_PIPELINE));
  return toldBy(await lastArtifact({ ...question, api, projectId, job, path }), 'unasked');
}

function toldBy(answer: BuiltAnswer, otherwise: 'none' | 'unasked'): LastBuilt {
  if (!answer.ok) return { kind: otherwise, detail: answer.detail };
  if (answer.value === undefined) return { kind: otherwise, detail: answer.why };
  return { kind: 'built', ...answer.value };
}
