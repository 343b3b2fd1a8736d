import { proxiesOf } from '../../../src/http/proxies.ts';
import { onTestFinished } from 'vitest';
import { type GitLab, openGitLab } from '../../../src/gitlab/api.ts';
import type { Token } from '../../../src/gitlab/token.ts';
import type { GitLabServer } from './server.ts';
import type { FakePipeline, FakeProject } from './state.ts';

export const PRIVATE = { kind: 'private', value: 'glpat-0123456789abcdef' } as const;
export const JOB = { kind: 'job', value: 'glcbt-64_fedcba9876543210' } as const;

/** Puts one private project, number 7, on a server, with a token that may read it and that of a job in it. */
export function putProject(server: GitLabServer, pipelines: FakePipeline[]): FakeProject {
  const project: FakeProject = { id: 7, pipelines };
  server.state = {
    projects: [project],
    tokens: [
      { ...PRIVATE, scopes: ['read_api'], roles: { 7: 20 } },
      { ...JOB, project: 7 },
    ],
  };
  return project;
}

/** Opens the API as a job would, but quick to try again; and what it said. */
export function openApi(
  server: { url: string },
  options: {
    token?: Token | undefined;
    budgetMs?: number;
    requestMs?: number;
    retryMs?: number;
    env?: Record<string, string>;
  } = {},
): { api: GitLab; said: string[] } {
  const said: string[] = [];
  const token = 'token' in options ? options.token : PRIVATE;
  const { env = {}, ...given } = options;
  const settings = { budgetMs: 20_000, retryMs: 1, ...given, token, url: server.url };
  return { api: openGitLab({ ...settings, say: (line) => said.push(line), proxyOf: proxiesOf(env) }), said };
}

/** Forgets faults and requests when the test is over, so that the next finds the server as it was. */
export function withFaults(server: GitLabServer, faults: GitLabServer['faults']): void {
  server.faults = [...faults];
  server.requests = [];
  onTestFinished(() => {
    server.faults = [];
    server.faultFor = undefined;
    server.pageHeaders = 'both';
  });
}
