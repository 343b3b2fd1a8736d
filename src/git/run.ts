import { type ChildProcess, spawn, type StdioOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { AffectedError } from '../errors.ts';
import { gitEnvironment, gitSettings } from './git-environment.ts';
import { explainFailure } from './git-error.ts';
import { openScratchFile } from './scratch-file.ts';

interface GitOptions {
  cwd: string;
  /** The command and its arguments, never a shell string. */
  args: readonly string[];
  input?: string | Buffer;
  /** Exit codes that are answers, not failures. Default: 0. */
  okExitCodes?: readonly number[];
  /**
   * Reads and writes through files where they can be had: git writes a little at a time, and a pipe wakes this program
   * for each; and what does not fit into a pipe at once waits for this program to have time.
   */
  bulk?: boolean;
}

interface Unchecked {
  exitCode: number | undefined;
  stdout: Buffer;
  stderr: string;
}

interface GitOutput {
  exitCode: number;
  /** All of it, byte for byte: there is no size limit. */
  stdout: Buffer;
}

/**
 * Runs one git command to its end.
 *
 * @throws {AffectedError} `git-missing`, `no-directory`, `not-a-repository`, `unsafe-repository`; a `GitError` else.
 */
export async function runGit(options: GitOptions): Promise<GitOutput> {
  return checked(options, await runGitUnchecked(options));
}

function checked(
  { cwd, args, okExitCodes = [0] }: GitOptions,
  { exitCode, stdout, stderr }: Unchecked,
): GitOutput {
  if (exitCode === undefined || !okExitCodes.includes(exitCode)) {
    throw explainFailure({ cwd, command: args[0] as string, exitCode, stderr });
  }
  return { exitCode, stdout };
}

/** As `runGit`, but whatever git wrote before it failed is an answer too; `exitCode` is undefined after a signal. */
export async function runGitUnchecked(options: Omit<GitOptions, 'okExitCodes'>): Promise<Unchecked> {
  const result = await start(options);
  // The disk may be full, or the file as large as it may be, which ends git by a signal: a pipe takes all.
  const couldNotWrite =
    result.exitCode !== 0 && (result.exitCode === undefined || /\bwrite\b/.test(result.stderr));
  return options.bulk && couldNotWrite ? start({ ...options, bulk: false }) : result;
}

function start(options: Omit<GitOptions, 'okExitCodes'>): Promise<Unchecked> {
  const { cwd, args, input, bulk } = options;
  const inputFile = bulk && input !== undefined ? openScratchFile(input) : undefined;
  const file = bulk ? openScratchFile() : undefined;
  const running = new Promise<Unchecked>((resolve, reject) => {
    let child: ChildProcess;
    try {
      // A pipe that nobody writes to is not worth its time.
      const stdin = input === undefined ? 'ignore' : (inputFile?.fd ?? 'pipe');
      child = startGit({ cwd, args, stdio: [stdin, file?.fd ?? 'pipe', 'pipe'] });
    } catch (cause) {
      // Node throws what it does not expect of a system, such as a file in the place of the working directory.
      reject(explainStart(cwd, cause as Error));
      return;
    }
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (cause) => reject(explainStart(cwd, cause)));
    child.on('close', (code) =>
      resolve({
        exitCode: code ?? undefined,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString('utf8'),
      }),
    );
    // A git that ends before it has read everything says why by its exit code; the broken pipe says nothing more.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
  return running
    .then((result) => (file ? { ...result, stdout: file.read() } : result))
    .finally(() => [inputFile, file].forEach((each) => each?.close()));
}

/**
 * Starts git and leaves the rest to the caller.
 *
 * @throws what Node throws at once, such as for a file in the place of the working directory.
 */
export function startGit(options: Pick<GitOptions, 'cwd' | 'args'> & { stdio: StdioOptions }): ChildProcess {
  const { cwd, args, stdio } = options;
  const settings = gitSettings().flatMap((setting) => ['-c', setting]);
  return spawn('git', [...settings, ...args], { cwd, env: gitEnvironment(), windowsHide: true, stdio });
}

function explainStart(cwd: string, cause: Error): Error {
  // Node reports a missing working directory with the same ENOENT as a missing program.
  if (!existsSync(cwd)) return new AffectedError('no-directory', `There is no directory ${cwd}.`, { cause });
  if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') {
    return new AffectedError('no-directory', `${cwd} is no directory.`, { cause });
  }
  return new AffectedError(
    'git-missing',
    `git could not be started (${cause.message}): install git 2.30 or newer and put it on the PATH.`,
    { cause },
  );
}
