import { run } from '../../src/run.ts';

export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line in this process, in `cwd`, with no variables but `env`. */
export async function cli(
  cwd: string,
  argv: readonly string[],
  options: { env?: Record<string, string>; isTerminal?: boolean; stderrIsTerminal?: boolean } = {},
): Promise<CliResult> {
  const result: CliResult = { code: 0, stdout: '', stderr: '' };
  result.code = await run({
    argv,
    cwd,
    env: options.env ?? {},
    version: '0.0.0-test',
    isTerminal: options.isTerminal ?? false,
    stderrIsTerminal: options.stderrIsTerminal ?? false,
    stdout: (text) => (result.stdout += text),
    stderr: (text) => (result.stderr += text),
  });
  return result;
}

/** As `cli` with `--json`, parsed; fails loudly when the command did. */
export async function cliJson<T = ComparisonJson>(
  cwd: string,
  argv: readonly string[],
  options: Parameters<typeof cli>[2] = {},
): Promise<T> {
  const { code, stdout, stderr } = await cli(cwd, [...argv, '--json'], options);
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as T;
}

/** The documented output of `affected --json`. */
export interface ComparisonJson {
  base: string | null;
  head: string;
  baseWhy: string;
  changedPaths: number | null;
  workingTree: { staged: number; unstaged: number; untracked: number } | null;
  affected: {
    name: string;
    variant?: string;
    directory: string;
    dockerfile: string;
    reasons: { kind: string; [field: string]: unknown }[];
    dependsOn: string[];
  }[];
  unaffected: string[];
  removed: { name: string; directory: string }[];
  widened: { scope: string; image?: string; code: string; detail: string }[];
  unowned: string[];
}

/** The names of the affected images, in build order. */
export function namesOf(comparison: ComparisonJson): string[] {
  return comparison.affected.map(({ name }) => name);
}
