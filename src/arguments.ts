import { parseArgs } from 'node:util';
import { AffectedError } from './errors.ts';

/** The command line, parsed: which command, its options, and what stands without one. */
export interface Arguments {
  command: Command;
  values: {
    since?: string;
    base?: string;
    head?: string;
    cwd?: string;
    config?: string;
    output?: string;
    format?: string;
    plan?: string;
    platform?: string;
    tag?: string;
    commits?: string;
    ref?: string;
    range?: string;
    'what-if'?: readonly string[];
    all?: boolean;
    json?: boolean;
    strict?: boolean;
    force?: boolean;
    'dry-run'?: boolean;
    debug?: boolean;
    help?: boolean;
    version?: boolean;
  };
  positionals: readonly string[];
}

const COMMANDS = [
  'preview',
  'generate',
  'explain',
  'graph',
  'base',
  'check',
  'backtest',
  'init',
  'publish',
  'verify',
] as const;

export type Command = (typeof COMMANDS)[number];

const OPTIONS = {
  since: { type: 'string' },
  base: { type: 'string' },
  head: { type: 'string' },
  cwd: { type: 'string' },
  config: { type: 'string' },
  output: { type: 'string', short: 'o' },
  format: { type: 'string' },
  plan: { type: 'string' },
  platform: { type: 'string' },
  tag: { type: 'string' },
  commits: { type: 'string' },
  ref: { type: 'string' },
  range: { type: 'string' },
  'what-if': { type: 'string', multiple: true },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  strict: { type: 'boolean' },
  force: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  debug: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** Options that make no sense with a command are refused rather than ignored. */
const ALLOWED: Record<Command, readonly string[]> = {
  preview: ['since', 'base', 'head', 'what-if', 'all', 'json', 'strict'],
  generate: ['since', 'base', 'head', 'output', 'format', 'platform', 'tag', 'plan', 'strict'],
  explain: ['since', 'base', 'head', 'what-if', 'json', 'strict'],
  graph: ['since', 'base', 'head', 'what-if', 'format', 'strict'],
  base: ['since', 'base', 'head', 'json', 'strict'],
  check: ['head', 'json'],
  backtest: ['commits', 'ref', 'json'],
  init: ['force', 'dry-run', 'json'],
  publish: ['plan', 'dry-run'],
  verify: ['base', 'head', 'range', 'commits', 'json'],
};
const ALWAYS = ['cwd', 'config', 'debug', 'help', 'version'];

/** @throws AffectedError `usage` naming the argument that is wrong. */
export function parseArguments(argv: readonly string[]): Arguments {
  const { values, positionals: words } = parse(argv);
  const { command, positionals } = takeCommand(argv, words, values);
  for (const name of Object.keys(values)) {
    if (!ALLOWED[command].includes(name) && !ALWAYS.includes(name)) {
      throw usage(`--${name} does not go with "affected ${command}"`);
    }
  }
  if (command === 'init' && values.config !== undefined) {
    throw usage(
      '--config does not go with "affected init", which writes affected.yml from the Dockerfiles alone',
    );
  }
  checkBases(values);
  if (command === 'explain') {
    if (positionals.length !== 1 && !values.help) throw usage('"affected explain" takes one image or path');
    return { command, values, positionals };
  }
  const whatIf = values['what-if'];
  if (whatIf?.includes('')) throw usage('--what-if needs a path; . stands for every file');
  if (whatIf)
    return { command, values: { ...values, 'what-if': [...whatIf, ...positionals] }, positionals: [] };
  const [first] = positionals;
  if (first === undefined) return { command, values, positionals };
  throw usage(
    words.length > positionals.length
      ? `"affected ${command}" takes no argument ${JSON.stringify(first)}`
      : `${JSON.stringify(first)} is no command; commands are ${COMMANDS.join(', ')}`,
  );
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's first sentence names the argument; of its advice only that on values with a dash helps here.
    const [first, ...advice] = (error as Error).message.split(/\.\s/) as [string, ...string[]];
    const dash = /'(--[\w-]+)=-XYZ'/.exec(advice.join(' '))?.[1];
    throw usage(
      dash === undefined ? first : `${first}: a value that starts with a dash is written ${dash}=-VALUE`,
    );
  }
}

/** Options may stand before the command; behind `--what-if` its name is one more path. */
function takeCommand(
  argv: readonly string[],
  words: readonly string[],
  values: Arguments['values'],
): Pick<Arguments, 'command' | 'positionals'> {
  const [first] = words;
  const command = COMMANDS.find((name) => name === first);
  const isCommand = argv[0] === first || values['what-if'] === undefined;
  if (command === undefined || !isCommand) return { command: 'preview', positionals: words };
  return { command, positionals: words.slice(1) };
}

function checkBases(values: Arguments['values']): void {
  if (values.since !== undefined && values.base !== undefined) {
    throw usage(
      '--since and --base exclude each other: --since compares from the merge base, --base from the commit itself',
    );
  }
  const compared = values.since === undefined ? 'base' : 'since';
  if (values['what-if'] && values[compared] !== undefined) {
    throw usage(
      `--what-if and --${compared} exclude each other: --what-if compares with the same files, unchanged`,
    );
  }
}

function usage(message: string): AffectedError {
  return new AffectedError('usage', `${message}. See affected --help.`);
}
