import { AffectedError } from '../errors.ts';

/** A git command that failed in a way nobody foresaw: its exit code and what it said, credentials masked. */
export class GitError extends AffectedError {
  /** `undefined` when a signal ended the process. */
  readonly exitCode: number | undefined;
  readonly stderr: string;

  constructor(options: { command: string; exitCode: number | undefined; stderr: string }) {
    const said = maskCredentials(options.stderr).trim();
    const end = options.exitCode === undefined ? 'was killed' : `failed with exit code ${options.exitCode}`;
    super('git-failed', `git ${options.command} ${end}${said === '' ? '.' : `: ${said}`}`.split('\n'));
    this.name = 'GitError';
    this.exitCode = options.exitCode;
    this.stderr = said;
  }
}

/** The error for a failed git command: a sentence of our own where the cause is known. */
export function explainFailure(options: {
  cwd: string;
  command: string;
  exitCode: number | undefined;
  stderr: string;
}): AffectedError {
  const { cwd, stderr } = options;
  const cause = new GitError(options);
  if (/not a git repository/i.test(stderr)) {
    return new AffectedError(
      'not-a-repository',
      `${cwd} is not in a git repository: run affected inside one, or name one with --cwd.`,
      { cause },
    );
  }
  if (/dubious ownership|unsafe repository/i.test(stderr)) {
    return new AffectedError(
      'unsafe-repository',
      `git refuses to read the repository at ${cwd} because another user owns it: if you trust it, run ` +
        `git config --global --add safe.directory "${cwd}".`,
      { cause },
    );
  }
  return cause;
}

/** Hides user names, passwords and tokens: `https://user:secret@host/` and `user:secret@host` become `…***@host`. */
export function maskCredentials(text: string): string {
  return text.replaceAll(/:\/\/[^/\s]*@|[^\s/:@'"]+:[^\s/@]+@/g, (found) =>
    found.startsWith('://') ? '://***@' : '***@',
  );
}
