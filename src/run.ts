import { inspect } from 'node:util';
import { type Arguments, parseArguments } from './arguments.ts';
import { HELP } from './help.ts';
import { AffectedError } from './errors.ts';
import { locate, type Location } from './commands/locate.ts';
import { maskCredentials } from './git/git-error.ts';
import { printable } from './render/printable.ts';

/** Everything the program takes from its surroundings; commands and the pure rooms read nothing else. */
export interface Surroundings {
  argv: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  cwd: string;
  version: string;
  isTerminal: boolean;
  stderrIsTerminal: boolean;
  stdout: (text: string) => void;
  stderr: (text: string) => void;
}

/** What every command is given; `location` is where git already looks while the command is being loaded. */
export interface CommandOptions extends Arguments {
  surroundings: Surroundings;
  location: Promise<Location>;
}

/** A command gathers its inputs, calls the core and hands text to the streams; it returns the exit code. */
export type CommandFunction = (options: CommandOptions) => Promise<number>;

/**
 * Runs one command line.
 *
 * @returns the exit code: 0 fine, 1 findings the user asked to fail on, 2 the tool could not do its work.
 */
export async function run(surroundings: Surroundings): Promise<number> {
  const debug = surroundings.argv.includes('--debug');
  try {
    const parsed = parseArguments(surroundings.argv);
    if (parsed.values.version) surroundings.stdout(`${surroundings.version}\n`);
    else if (parsed.values.help) surroundings.stdout(HELP);
    else return await runCommand(parsed, surroundings);
    return 0;
  } catch (error) {
    surroundings.stderr(describe(error, debug));
    return 2;
  }
}

async function runCommand(parsed: Arguments, surroundings: Surroundings): Promise<number> {
  const location = locate({ values: parsed.values, surroundings });
  // Git lists the head's paths while the command is being loaded; the command tells what is wrong when it waits for it.
  await location.catch(() => {});
  const command = await load(parsed.command);
  return command({ ...parsed, surroundings, location });
}

/** Each command is a chunk of its own, loaded when it is asked for. */
async function load(command: Arguments['command']): Promise<CommandFunction> {
  switch (command) {
    case 'preview':
      return (await import('./commands/preview.ts')).preview;
    case 'generate':
      return (await import('./commands/generate.ts')).generate;
    case 'explain':
      return (await import('./commands/explain.ts')).explain;
    case 'graph':
      return (await import('./commands/graph.ts')).graph;
    case 'base':
      return (await import('./commands/base.ts')).base;
    case 'check':
      return (await import('./commands/check.ts')).check;
    case 'backtest':
      return (await import('./commands/backtest.ts')).backtest;
    case 'init':
      return (await import('./commands/init.ts')).init;
    case 'publish':
      return (await import('./commands/publish.ts')).publish;
    case 'verify':
      return (await import('./commands/verify.ts')).verify;
  }
}

/** Names of files stand in the sentences, and URLs may: nothing of them reaches the terminal as it is. */
function describe(error: unknown, debug: boolean): string {
  const lines = debug ? inspect(error).split('\n') : sentences(error);
  return lines.map((line) => `${printable(maskCredentials(line))}\n`).join('');
}

function sentences(error: unknown): readonly string[] {
  if (error instanceof AffectedError) {
    const last = error.lines.length - 1;
    return error.lines.map(
      (line, index) => `${index === 0 ? 'affected: ' : ''}${line}${index === last ? ` [${error.code}]` : ''}`,
    );
  }
  const message = error instanceof Error ? error.message : String(error);
  return [
    `affected: unexpected error: ${message}`,
    'This is a defect of affected; run again with --debug and report what it prints.',
  ];
}
