import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';

export interface ShellRun {
  /** The shell and its arguments, such as `['sh']`, `['dash']` or `['busybox', 'sh']`. */
  readonly shell: readonly string[];
  readonly commands: readonly string[];
  readonly variables: ReadonlyMap<string, string>;
  /** Where the lines run, as the shell calls it. */
  readonly directory: string;
  readonly path: string;
  readonly home: string;
  /** Output and errors are appended here in the order they were written. */
  readonly log: string;
}

/**
 * Runs the lines of a job in one shell as GitLab's runner does: variables exported, then the lines in one `eval`
 * under errexit (and pipefail where the shell has it), with nothing on standard input. Returns the exit code.
 * Source: gitlab-runner's shells/bash.go (Finish, Variable) and shells/abstract.go (writeCommands).
 */
export async function runShell(run: ShellRun): Promise<number> {
  const log = await open(run.log, 'a');
  try {
    const [command = 'sh', ...args] = run.shell;
    const child = spawn(command, args, {
      env: { PATH: run.path, HOME: run.home },
      stdio: ['pipe', log.fd, log.fd],
      timeout: timeoutMilliseconds,
    });
    const closed = once(child, 'close');
    child.stdin?.on('error', ignoreEarlyExit);
    child.stdin?.end(script(run));
    const [code] = (await closed) as [number | null];
    return code ?? 137;
  } finally {
    await log.close();
  }
}

/** Long beyond any honest job of a test: a job that hangs fails instead of the whole test run. */
const timeoutMilliseconds = 240_000;

/** A shell may exit before it has read its script to the end. */
function ignoreEarlyExit(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function script({ commands, variables, directory }: ShellRun): string {
  const exports = [...variables].map(([name, value]) => `export ${name}=${quote(value)}`);
  const body = [...exports, `cd ${quote(directory)}`, ...commands.flatMap(announced)].join('\n');
  return [
    'if set -o | grep pipefail > /dev/null; then set -o pipefail; fi; set -o errexit',
    'set +o noclobber',
    `: | eval ${quote(`${body}\n`)}`,
    'exit 0',
    '',
  ].join('\n');
}

function announced(command: string): string[] {
  const trimmed = command.trim();
  if (trimmed === '') return ['echo'];
  const [first = '', ...rest] = trimmed.split('\n');
  return [`echo ${quote(`$ ${first}${rest.length > 0 ? ' # collapsed multi-line command' : ''}`)}`, trimmed];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
