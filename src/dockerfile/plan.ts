import { readBase, SCRATCH, type Base } from './base.ts';
import { instructionProblem } from './check.ts';
import { globalArguments, type Globals } from './globals.ts';
import type { Gap } from './gaps.ts';
import { DockerfileError, type Instruction, type ParsedDockerfile } from './instruction.ts';
import { located } from './located.ts';
import { originsOf, type Origin, type Surroundings } from './origins.ts';
import { readStages, targetStage, triggersOf, type Stage } from './stages.ts';

/** What an image passes on to the images built on it. */
export interface Inherited {
  env: Readonly<Record<string, string>>;
  triggers: readonly Instruction[];
  /** False when some ancestor is out of sight, so that `env` may hold more. */
  complete: boolean;
}

/** An image that a needed stage is built on or takes files from. */
export interface ImageReference {
  /** Expanded, as in `registry:5000/a/b:1@sha256:…`. */
  reference: string;
  /** Variables in it without a value, and which parts of it hang on them. */
  unset: readonly string[];
  gaps: readonly Gap[];
  instruction: 'FROM' | 'COPY' | 'RUN';
  /** Index of the stage. */
  stage: number;
  /** As written, as in `${REGISTRY}/base:${TAG}`. */
  word: string;
  /** Where `word` begins in the file: 1-based, columns in UTF-16 code units. */
  line: number;
  column: number;
  /** It came from the base image's ONBUILD; line and column are then those of the `FROM`'s word. */
  viaTrigger: boolean;
}

export interface EvaluateOptions {
  dockerfile: ParsedDockerfile;
  /** `--build-arg` */
  args: Readonly<Record<string, string>>;
  /** `--target`: a stage's name in any case, or its index. Unset: the last stage. */
  target?: string | undefined;
  /** `os/architecture[/variant]`; `linux/amd64` when unset. */
  platform?: string | undefined;
  /** What an image of this repository passes on; undefined for an image out of sight. */
  inherit?: ((reference: ImageReference) => Inherited | undefined) | undefined;
}

/** A stage that the target needs, with the base's ONBUILD instructions in front of its own. */
export interface PlannedStage {
  stage: Stage;
  base: Base;
  /** What it is built on passes on; of a stage only the triggers, the rest is its state when it has run. */
  inherited: Inherited;
  commands: readonly Command[];
}

interface Command {
  instruction: Instruction;
  trigger: boolean;
}

export interface Plan {
  globals: Globals;
  /** In the order of the file; the target is the last. */
  stages: readonly PlannedStage[];
  /** Indexes of the stages that the target can do without. */
  unneeded: readonly number[];
  references: readonly ImageReference[];
}

/**
 * Finds the stages a target needs and the images these name. A stage needs earlier stages only, so one pass back from
 * the target is enough.
 */
export function planStages(options: EvaluateOptions): Plan {
  const { dockerfile, args, platform = 'linux/amd64' } = options;
  const { escape } = dockerfile;
  const { globals: declarations, stages } = readStages(dockerfile);
  const target = targetStage(stages, options.target);
  const named = options.target || (stages.at(-1) as Stage).name;
  const globals = globalArguments(declarations, { args, platform, target: named, escape });
  const bases = stages.map((stage) => readBase(stage, { stages, globals, escape }));

  const needed = new Set([target.index]);
  const plans: PlannedStage[] = [];
  const references: ImageReference[][] = [];
  for (let index = target.index; index >= 0; index -= 1) {
    if (!needed.has(index)) continue;
    const plan = planStage(stages[index] as Stage, bases[index] as Base, options);
    const own = baseReference(plan);
    if (plan.base.stage !== undefined) needed.add(plan.base.stage.index);
    for (const command of plan.commands) {
      const origins = originsIn(plan, command, { stages, index, escape });
      for (const { stage } of origins) if (stage !== undefined) needed.add(stage.index);
      own.push(...imageReferences(plan, command, origins));
    }
    plans.push(plan);
    references.push(own);
  }
  return {
    globals,
    stages: plans.reverse(),
    unneeded: stages.map(({ index }) => index).filter((index) => !needed.has(index)),
    references: references.reverse().flat(),
  };
}

function planStage(stage: Stage, base: Base, { inherit }: EvaluateOptions): PlannedStage {
  const inherited = inheritedFrom(stage, base, inherit);
  for (const trigger of inherited.triggers) {
    const problem = instructionProblem(trigger, '\\');
    if (problem !== undefined) throw new DockerfileError(problem, { line: base.line, column: base.column });
  }
  const commands = inherited.triggers.map((instruction) => ({ instruction, trigger: true }));
  for (const instruction of stage.commands) commands.push({ instruction, trigger: false });
  return { stage, base, inherited, commands };
}

function inheritedFrom(stage: Stage, base: Base, inherit: EvaluateOptions['inherit']): Inherited {
  if (base.stage !== undefined) return { env: {}, triggers: triggersOf(base.stage), complete: true };
  const [reference] = baseReference({ stage, base });
  if (reference === undefined) return { env: {}, triggers: [], complete: true };
  return inherit?.(reference) ?? { env: {}, triggers: [], complete: false };
}

function originsIn({ base }: PlannedStage, command: Command, surroundings: Surroundings): Origin[] {
  return located(base, () => originsOf(command.instruction, surroundings), command.trigger);
}

/** None for a stage's own base, and for `scratch`. */
function baseReference({ stage, base }: Pick<PlannedStage, 'stage' | 'base'>): ImageReference[] {
  if (base.stage !== undefined || base.reference.text === SCRATCH) return [];
  const { reference, word, line, column } = base;
  const place = { stage: stage.index, word, line, column, viaTrigger: false };
  const { text, unknown, gaps } = reference;
  return [{ reference: text, unset: unknown, gaps, instruction: 'FROM', ...place }];
}

function imageReferences(
  { stage, base }: PlannedStage,
  { instruction, trigger }: Command,
  origins: readonly Origin[],
): ImageReference[] {
  return origins.flatMap(({ image, word, ...own }) => {
    if (image === undefined) return [];
    const { line, column } = trigger ? base : own;
    const place = { stage: stage.index, word, line, column, viaTrigger: trigger };
    const keyword = instruction.keyword === 'COPY' ? 'COPY' : 'RUN';
    return [{ reference: image, unset: [], gaps: [], instruction: keyword, ...place }];
  });
}
