import { contextSources } from './context-sources.ts';
import type { Globals } from './globals.ts';
import type { Instruction } from './instruction.ts';
import { argumentPairs, environmentPairs, type NameValue } from './name-values.ts';
import { expandIn, ownArgument, type Scope, type Value } from './scope.ts';

/** A stage while its instructions run, and what it hands on to stages built on it. */
export interface StageState extends Scope {
  /** ENV alone: what the image keeps. */
  environment: Map<string, Value>;
  /** Every name an ARG declared, with a value or without. */
  declared: Set<string>;
  /** False when an ancestor out of sight may hold more variables. */
  complete: boolean;
  /** An ARG followed an ENV of the same name with another value, where builders differ over which counts. */
  ambiguous: boolean;
}

export interface StageInputs {
  args: Readonly<Record<string, string>>;
  globals: Globals;
  /** The file's escape character, for words. */
  escape: string;
  /** Kaniko: an ENV counts, whichever comes last. BuildKit: the last one does. */
  envWins: boolean;
}

// What every builder sets where the base image does not.
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A stage's beginning on an image of which `env` is known, which is all of its variables when `complete`. */
export function startOnImage(
  image: { env: Readonly<Record<string, string>>; complete: boolean },
  earlierArguments: ReadonlySet<string>,
): StageState {
  const { complete } = image;
  const environment = new Map<string, Value>();
  environment.set('PATH', { text: PATH, unknown: complete ? [] : ['PATH'] });
  for (const [name, text] of Object.entries(image.env)) environment.set(name, { text, unknown: [] });
  return startOnStage({ environment, values: environment, declared: new Set(), complete }, earlierArguments);
}

/** A stage's beginning on another stage: its ARGs count too, after its ENVs (BuildKit dockerfile2llb). */
export function startOnStage(
  base: Pick<StageState, 'environment' | 'values' | 'declared' | 'complete'>,
  earlierArguments: ReadonlySet<string>,
): StageState {
  const declared = new Set(base.declared);
  return {
    environment: new Map(base.environment),
    values: new Map([...base.values, ...base.environment]),
    declared,
    complete: base.complete,
    // An ARG without a value leaves the one that an image out of sight may have set.
    mayHold: (name) => !base.complete || (!declared.has(name) && earlierArguments.has(name)),
    ambiguous: false,
  };
}

/**
 * Runs one instruction: ENV and ARG change the state, COPY, ADD and RUN return what they read from the build context.
 * Throws WordError and DockerfileError.
 */
export function runInstruction(
  state: StageState,
  instruction: Instruction,
  inputs: StageInputs & { trigger: boolean },
): ReturnType<typeof contextSources> {
  const { keyword, arguments: text } = instruction;
  // A trigger is read again where it runs: without the directives of the file it was written in.
  const escape = inputs.trigger ? '\\' : inputs.escape;
  if (keyword === 'ENV') setEnvironment(state, environmentPairs(text, { keyword, escape }).pairs, inputs);
  if (keyword === 'ARG') {
    for (const pair of argumentPairs(text, { escape }).pairs) declare(state, pair, inputs);
  }
  return contextSources(instruction, (word) => expandIn(state, word, inputs.escape));
}

/** Every pair of one ENV sees the variables as they were before it. */
function setEnvironment(state: StageState, pairs: readonly NameValue[], { escape }: StageInputs): void {
  const expanded = pairs.map(({ name, value }) => ({
    name: expandIn(state, name, escape).text,
    value: expandIn(state, value ?? '', escape),
  }));
  for (const { name, value } of expanded) {
    state.values.set(name, value);
    state.environment.set(name, value);
  }
}

/** A build argument, the default, or the global argument of that name (BuildKit dockerfile2llb, dispatchArg). */
function declare(state: StageState, { name, value }: NameValue, inputs: StageInputs): void {
  state.declared.add(name);
  const given = ownArgument(inputs.args, name);
  const expands = given === undefined && value !== undefined;
  const result = expands ? expandIn(state, value, inputs.escape) : undefined;
  const text = given ?? result?.text ?? inputs.globals.get(name)?.text;
  if (text === undefined) return;
  const environment = state.environment.get(name);
  if (environment !== undefined && environment.text !== text) state.ambiguous = true;
  if (environment !== undefined && inputs.envWins) return;
  state.values.set(name, { text, unknown: result?.unknown ?? [] });
}
