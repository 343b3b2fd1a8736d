/**
 * The environment of every git process this program starts: the caller's, so that proxies, credentials and
 * `GIT_CONFIG_COUNT` settings work, but never the variables that would point git at another repository, index or
 * object store (a hook sets them); messages in English; no question asked; no lock taken for mere reading; no waiting
 * for ever for a server that sends nothing, which in a partial clone any command that reads may ask.
 */
export function gitEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...PATIENCE, ...process.env };
  for (const name of REPOSITORY_VARIABLES) delete environment[name];
  return { ...environment, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
}

/** A server at work on a large answer sends a sign of life every five seconds (`uploadpack.keepAlive`). */
const PATIENCE = { GIT_HTTP_LOW_SPEED_LIMIT: '1', GIT_HTTP_LOW_SPEED_TIME: '60' };

/**
 * Settings for the command line of every git process. A job of a pipeline often runs as another user than the one
 * who owns the checkout, and the runner made that checkout: it is trusted. On a person's machine git's own check of
 * the owner stays.
 */
export function gitSettings(): string[] {
  return process.env['CI'] ? ['safe.directory=*'] : [];
}

// `git rev-parse --local-env-vars` without the three that carry settings, and what else moves refs or paths.
const REPOSITORY_VARIABLES = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
];
