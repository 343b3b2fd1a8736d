import type { IncomingHttpHeaders } from 'node:http';
import { refusal, Refused } from './answer.ts';
import type { FakeProject, FakeToken, GitLabState } from './state.ts';

/**
 * The project a request may read with what it shows. GitLab hides what may not be seen (404), says 401 where it knows no
 * such token, or takes no job token, and 403 where it knows it but not with this scope or role (lib/api/helpers.rb,
 * lib/gitlab/auth/auth_finders.rb).
 */
export function readableProject(
  state: GitLabState,
  id: number,
  options: { headers: IncomingHttpHeaders; jobTokens: boolean },
): FakeProject {
  const project = state.projects.find((candidate) => candidate.id === id);
  const token = shownToken(state, options.headers);
  if (token?.kind === 'job') return forJob(project, token, options.jobTokens);
  if (token && !token.scopes?.some((scope) => scope === 'api' || scope === 'read_api')) {
    throw new Refused({
      status: 403,
      body: {
        error: 'insufficient_scope',
        error_description: 'The request requires higher privileges than provided by the access token.',
        scope: 'api read_api',
      },
    });
  }
  const role = token?.roles?.[id] ?? 0;
  if (!project || (role === 0 && !project.public)) throw new Refused(refusal(404, 'Project Not Found'));
  if (role < REPORTER && !project.public) throw new Refused(refusal(403, 'Forbidden'));
  return project;
}

const REPORTER = 20;

function forJob(project: FakeProject | undefined, token: FakeToken, allowed: boolean): FakeProject {
  if (!allowed) throw new Refused(refusal(401, 'Unauthorized'));
  if (!project) throw new Refused(refusal(404, 'Project Not Found'));
  if (project.id === token.project) return project;
  throw new Refused(
    refusal(403, 'Forbidden - Authentication by CI/CD job token not allowed from another project'),
  );
}

/** GitLab looks for a job's token first, and takes neither for the other. */
function shownToken(state: GitLabState, headers: IncomingHttpHeaders): FakeToken | undefined {
  const shown = [
    { kind: 'job', value: headers['job-token'] },
    { kind: 'private', value: headers['private-token'] },
  ].find(({ value }) => value !== undefined);
  if (!shown) return undefined;
  const token = state.tokens.find(({ kind, value }) => kind === shown.kind && value === shown.value);
  if (!token) throw new Refused(refusal(401, 'Unauthorized'));
  return token;
}
