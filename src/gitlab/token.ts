/** What a request shows to be let in. */
export type Token =
  /** A project, group or personal access token. */
  | { kind: 'private'; value: string }
  /** The token every job has, which few parts of the API take. */
  | { kind: 'job'; value: string };

/** Scope and role that reading pipelines takes (doc/api/pipelines.md). */
export const TOKEN_NEEDED = 'a project access token with scope read_api and at least the role Reporter';

/** A function that makes any text fit for a report: one line, no token in it, however the token is written. */
export function conceal(token: Token | undefined): (text: string) => string {
  const secrets = token === undefined ? [] : [token.value, encodeURIComponent(token.value)];
  return (text) => {
    const oneLine = text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
    return secrets.reduce(
      (shown, secret) => (secret === '' ? shown : shown.replaceAll(secret, '***')),
      oneLine,
    );
  };
}

/** Why a token can't be sent at all. The library that sends it would say so by printing it. */
export function tokenFault(token: Token | undefined): string | undefined {
  if (token === undefined || /^[\x21-\x7e]+$/.test(token.value)) return undefined;
  return `${nameOf(token)} holds something that no token does, such as a line break; set the variable anew`;
}

export function nameOf(token: Token): string {
  return token.kind === 'private'
    ? 'the token in AFFECTED_GITLAB_TOKEN'
    : "the job's own token (CI_JOB_TOKEN)";
}
