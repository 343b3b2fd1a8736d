import { argumentWords } from '../check.ts';
import type { Instruction, ParsedDockerfile } from '../instruction.ts';
import { startOf } from '../logical-lines.ts';
import { argumentPairs, environmentPairs } from '../name-values.ts';
import type { Plan, PlannedStage } from '../plan.ts';
import type { Stage } from '../stages.ts';
import { ownArgument } from '../scope.ts';
import { copyConstructs } from './copy-constructs.ts';
import { frontendConstructs } from './frontend-constructs.ts';
import type { Found, Report, StageSettings } from './found.ts';
import { fromConstructs } from './from-constructs.ts';
import { runConstructs } from './run-constructs.ts';

interface Options {
  dockerfile: ParsedDockerfile;
  text: string;
  plan: Plan;
  args: Readonly<Record<string, string>>;
  target: string | undefined;
}

/** What of the stages that are built differs between builders, in the order of the file. */
export function constructsIn(options: Options): Found[] {
  const { plan } = options;
  const settings = new Map<Stage | undefined, StageSettings>();
  const found = [...frontendConstructs(options.text)];
  for (const planned of plan.stages) {
    found.push(...fromConstructs(planned, options));
    const { own, after } = stageConstructs(
      planned,
      settings.get(planned.base.stage) ?? NOTHING_SAID,
      options,
    );
    found.push(...own);
    settings.set(planned.stage, after);
  }
  return found.toSorted((one, other) => one.line - other.line || one.column - other.column);
}

const NOTHING_SAID: StageSettings = { user: undefined, shell: undefined, volumes: [], env: new Map() };

function stageConstructs(
  { base, commands }: PlannedStage,
  before: StageSettings,
  options: Options,
): { own: Found[]; after: StageSettings } {
  let settings = before;
  const own: Found[] = [];
  for (const { instruction, trigger } of commands) {
    for (const { place = startOf(instruction), ...report } of instructionConstructs(
      instruction,
      settings,
      options,
    )) {
      const { line, column } = trigger ? base : place;
      const shown = trigger ? `${report.shown} (by an ONBUILD of ${base.word})` : report.shown;
      own.push({ ...report, shown, line, column });
    }
    settings = settingsAfter(instruction, settings, options.dockerfile.escape);
  }
  return { own, after: settings };
}

function instructionConstructs(
  instruction: Instruction,
  settings: StageSettings,
  options: Options,
): readonly Report[] {
  const { keyword, flags } = instruction;
  switch (keyword) {
    case 'RUN':
      return runConstructs(instruction, settings);
    case 'COPY':
    case 'ADD':
      return copyConstructs(instruction, settings);
    case 'ARG':
      return argumentConstructs(instruction, settings, options);
    case 'EXPOSE':
      return exposeConstructs(instruction);
    case 'HEALTHCHECK':
      return [
        { construct: 'docker-format', shown: keyword },
        ...(flags.some(({ name }) => name === 'start-interval')
          ? [{ construct: 'healthcheck-start-interval', shown: 'HEALTHCHECK --start-interval' } as const]
          : []),
      ];
    case 'SHELL':
    case 'ONBUILD':
      return [{ construct: 'docker-format', shown: keyword }];
    case 'MAINTAINER':
      return [{ construct: 'maintainer', shown: keyword }];
    default:
      return [];
  }
}

/** An ARG under the name of an ENV that has another value. */
function argumentConstructs(
  { arguments: text }: Instruction,
  { env }: StageSettings,
  { args, plan, dockerfile }: Options,
): Report[] {
  return argumentPairs(text, dockerfile).pairs.flatMap(({ name, value }): Report[] => {
    const set = env.get(name);
    const given = ownArgument(args, name) ?? value ?? plan.globals.get(name)?.text;
    if (set === undefined || given === undefined || unquoted(given) === set) return [];
    return [{ construct: 'arg-after-env', shown: `ARG ${name} after ENV ${name}` }];
  });
}

function exposeConstructs(instruction: Instruction): Report[] {
  return argumentWords(instruction).flatMap((port): Report[] => {
    const [numbers = '', protocol = 'tcp'] = port.split('/');
    const shown = `EXPOSE ${port}`;
    if (!/^(?:tcp|udp)$/.test(protocol) && !protocol.includes('$'))
      return [{ construct: 'expose-protocol', shown }];
    return /^\d+-\d+$/.test(numbers) ? [{ construct: 'expose-range', shown }] : [];
  });
}

function settingsAfter(instruction: Instruction, settings: StageSettings, escape: string): StageSettings {
  const { keyword, json, arguments: text } = instruction;
  switch (keyword) {
    case 'USER':
      return { ...settings, user: instruction };
    case 'SHELL':
      return { ...settings, shell: json };
    case 'VOLUME': {
      const named = argumentWords(instruction).filter((path) => /^\/[^$]/.test(path));
      return {
        ...settings,
        volumes: [...settings.volumes, ...named.map((path) => path.replace(/\/+$/, ''))],
      };
    }
    case 'ENV': {
      const { pairs } = environmentPairs(text, { keyword, escape });
      const set = pairs.map(({ name, value = '' }): [string, string] => [name, unquoted(value)]);
      return { ...settings, env: new Map([...settings.env, ...set]) };
    }
    default:
      return settings;
  }
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*)\1$/s, '$2');
}
