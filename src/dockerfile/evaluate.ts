import type { ContextSource } from './context-sources.ts';
import { type DeclaredArguments, declaredArguments } from './declared-arguments.ts';
import type { Instruction } from './instruction.ts';
import { located } from './located.ts';
import { startOf } from './logical-lines.ts';
import type { ParsedDockerfile, SkimmedDockerfile } from './parse.ts';
import { planStages } from './plan.ts';
import type { EvaluateOptions, ImageReference, Inherited, Plan, PlannedStage } from './plan.ts';
import { foreseenSources, type ForeseenSources } from './foresee.ts';
import { ownArgument } from './scope.ts';
import { runInstruction, startOnImage, startOnStage, type StageState } from './stage-run.ts';
import { readStages, targetStage, triggersOf, type Stage } from './stages.ts';

export type { ContextSource, EvaluateOptions, ForeseenSources, ImageReference, Inherited };

/** What running the needed stages shows. */
export interface Outcome {
  sources: readonly ContextSource[];
  /** What the target stage's image passes on. */
  exported: Inherited;
}

/** What a Dockerfile says before its stages run. */
export interface DockerfileOutline {
  /** In the order of the file. */
  references: readonly ImageReference[];
  /** Indexes of the stages that the target can do without. */
  unneeded: readonly number[];
  /** The instructions the target stage defers to images built on it. */
  triggers: readonly Instruction[];
  /** By ARG in any stage, or in a trigger of a base image. */
  declared: DeclaredArguments;
  /** The image that the target stage is built on, through other stages or not; undefined where it is built on nothing. */
  base: ImageReference | undefined;
  /** What running will say of its sources, where that can be told without: then running does not fail either. */
  foreseen: ForeseenSources | undefined;
}

export interface PlannedDockerfile extends DockerfileOutline {
  /** Runs the needed stages. Throws a DockerfileError. */
  run: () => Outcome;
}

/**
 * What building a Dockerfile takes from outside it: the images and the parts of the build context that the target
 * stage needs, directly or through other stages (BuildKit frontend/dockerfile/dockerfile2llb). Where Kaniko and
 * BuildKit give a variable different values, the sources of both are there. Throws a DockerfileError.
 */
export function planDockerfile(options: EvaluateOptions): PlannedDockerfile {
  const plan = planStages(options);
  return { ...outlineOf(plan, options), run: () => runPlan(plan, options) };
}

/** What running the stages shows alone. Throws a DockerfileError. */
export function runDockerfile(options: EvaluateOptions): Outcome {
  return runPlan(planStages(options), options);
}

/** The same as `planDockerfile` of a Dockerfile that was only skimmed; `foreseen` may then say `inside-context` of one that reads nothing. */
export function outlineDockerfile(
  options: EvaluateOptions & { dockerfile: SkimmedDockerfile },
): DockerfileOutline {
  const outline = outlineOf(planStages(options), options);
  const { reads, names } = options.dockerfile.skimmed;
  return {
    ...outline,
    declared: { ...outline.declared, names: withNames(outline.declared.names, names) },
    foreseen: reads && outline.foreseen === 'none' ? 'inside-context' : outline.foreseen,
  };
}

function withNames(declared: ReadonlySet<string>, names: readonly string[]): ReadonlySet<string> {
  return names.length === 0 ? declared : new Set([...declared, ...names]);
}

/** The instructions that the image of a target passes on to images built on it. Throws a DockerfileError. */
export function deferredBy(dockerfile: ParsedDockerfile, target: string | undefined): readonly Instruction[] {
  return triggersOf(targetStage(readStages(dockerfile).stages, target));
}

function outlineOf(plan: Plan, { dockerfile: { instructions, escape } }: EvaluateOptions): DockerfileOutline {
  const { references, unneeded } = plan;
  const inherited = plan.stages.flatMap((stage) => stage.inherited.triggers);
  return {
    references,
    unneeded,
    triggers: triggersOf((plan.stages.at(-1) as PlannedStage).stage),
    declared: declaredArguments(instructions, { escape, triggers: inherited }),
    base: baseImage(plan),
    foreseen: foreseenSources(plan),
  };
}

function baseImage({ stages, references }: Plan): ImageReference | undefined {
  let lowest = stages.at(-1) as PlannedStage;
  // A stage is built on an earlier one.
  for (const planned of stages.toReversed()) if (planned.stage === lowest.base.stage) lowest = planned;
  return references.find(
    ({ instruction, stage, viaTrigger }) =>
      instruction === 'FROM' && stage === lowest.stage.index && !viaTrigger,
  );
}

function runPlan(plan: Plan, options: EvaluateOptions): Outcome {
  const { ambiguous, ...outcome } = runStages(plan, options, true);
  return ambiguous ? united(outcome, runStages(plan, options, false)) : outcome;
}

/**
 * Runs the needed stages by one of two readings.
 *
 * @param envWins Kaniko's: an ENV counts more than an ARG of its name, whichever comes last.
 * @param after is told each instruction that ran, and the state of its stage behind it.
 */
export function runStages(
  plan: Plan,
  options: EvaluateOptions,
  envWins: boolean,
  after: (state: StageState, instruction: Instruction) => void = () => {},
): Outcome & { ambiguous: boolean } {
  const inputs = { args: options.args, globals: plan.globals, escape: options.dockerfile.escape, envWins };
  const states = new Map<Stage | undefined, StageState>();
  const sources: ContextSource[] = [];
  // Kaniko hands the arguments of a stage to all later ones.
  const earlierArguments = new Set<string>();
  for (const { stage, base, inherited, commands } of plan.stages) {
    const parent = states.get(base.stage);
    const state = parent ? startOnStage(parent, earlierArguments) : startOnImage(inherited, earlierArguments);
    for (const { instruction, trigger } of commands) {
      if (!RUNNING.has(instruction.keyword)) continue;
      const place = trigger ? base : startOf(instruction);
      const found = located(place, () => runInstruction(state, instruction, { ...inputs, trigger }), trigger);
      sources.push(...found.map((source) => ({ ...source, line: place.line, viaTrigger: trigger })));
      if (!trigger) after(state, instruction);
    }
    states.set(stage, state);
    for (const name of state.declared) earlierArguments.add(name);
  }
  const { stage } = plan.stages.at(-1) as PlannedStage;
  const ambiguous = [...states.values()].some((state) => state.ambiguous);
  return { sources, exported: exportedBy(states.get(stage) as StageState, stage), ambiguous };
}

/** The instructions that set variables or read from the build context. */
const RUNNING = new Set(['ADD', 'ARG', 'COPY', 'ENV', 'RUN']);

function exportedBy(state: StageState, stage: Stage): Inherited {
  const known = [...state.environment].filter(([, { unknown }]) => unknown.length === 0);
  return {
    env: Object.fromEntries(known.map(([name, { text }]) => [name, text])),
    triggers: triggersOf(stage),
    complete: state.complete && known.length === state.environment.size,
  };
}

/** What either reading takes in, and passes on only what both agree on. */
function united(one: Outcome, other: Outcome): Outcome {
  const seen = new Set(one.sources.map((source) => JSON.stringify(source)));
  const agreed = Object.entries(one.exported.env).filter(
    ([name, text]) => ownArgument(other.exported.env, name) === text,
  );
  const complete = agreed.length === Object.keys(one.exported.env).length && one.exported.complete;
  return {
    sources: [...one.sources, ...other.sources.filter((source) => !seen.has(JSON.stringify(source)))],
    exported: { ...one.exported, env: Object.fromEntries(agreed), complete },
  };
}
