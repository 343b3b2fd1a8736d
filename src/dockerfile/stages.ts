import { lowerCase } from './characters.ts';
import { stageName } from './check.ts';
import { DockerfileError, type Instruction, type ParsedDockerfile } from './instruction.ts';
import { startOf } from './logical-lines.ts';

export interface Stage {
  index: number;
  /** Lower case; '' without a name. */
  name: string;
  from: Instruction;
  commands: readonly Instruction[];
}

/** The instructions before the first `FROM`, all of them `ARG`, and the stages. */
export function readStages(dockerfile: ParsedDockerfile): { globals: Instruction[]; stages: Stage[] } {
  const globals: Instruction[] = [];
  const stages: (Stage & { commands: Instruction[] })[] = [];
  for (const instruction of dockerfile.instructions) {
    const stage = stages.at(-1);
    if (instruction.keyword === 'FROM') {
      stages.push({ index: stages.length, name: stageName(instruction), from: instruction, commands: [] });
    } else if (stage !== undefined) {
      stage.commands.push(instruction);
    } else if (instruction.keyword === 'ARG') {
      globals.push(instruction);
    } else {
      throw new DockerfileError('no build stage in current context', startOf(instruction));
    }
  }
  if (stages.length === 0)
    throw new DockerfileError('dockerfile contains no stages to build', { line: 1, column: 1 });
  return { globals, stages };
}

/**
 * The stage a name means to the stage at index `before`: the last earlier one of that name, in any case. A later stage
 * or the stage itself is none: BuildKit refuses those, Kaniko takes the name for an image's.
 */
export function stageNamed(stages: readonly Stage[], name: string, before: number): Stage | undefined {
  const wanted = lowerCase(name);
  if (stages.length <= FEW)
    return wanted === ''
      ? undefined
      : stages.findLast(({ index, name: own }) => index < before && own === wanted);
  const candidates = stagesByName(stages).get(wanted) ?? [];
  let [low, high] = [0, candidates.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((candidates[middle] as Stage).index < before) low = middle + 1;
    else high = middle;
  }
  return candidates[low - 1];
}

const FEW = 10;
// Thousands of stages must not be searched by each other, one by one.
const byName = new WeakMap<readonly Stage[], ReadonlyMap<string, readonly Stage[]>>();

/** The stages of each name, ascending; those without a name are left out. */
function stagesByName(stages: readonly Stage[]): ReadonlyMap<string, readonly Stage[]> {
  const known = byName.get(stages);
  if (known) return known;
  const named = new Map<string, Stage[]>();
  for (const stage of stages) {
    const sameName = named.get(stage.name);
    if (sameName) sameName.push(stage);
    else if (stage.name !== '') named.set(stage.name, [stage]);
  }
  byName.set(stages, named);
  return named;
}

/** The stage `--target` means, by name or by index; the last one without a target. */
export function targetStage(stages: readonly Stage[], target: string | undefined): Stage {
  const stage = target
    ? (stageNamed(stages, target, stages.length) ??
      (/^\d+$/.test(target) ? stages[Number(target)] : undefined))
    : stages.at(-1);
  if (stage !== undefined) return stage;
  throw new DockerfileError(`target stage ${JSON.stringify(target)} could not be found`, {
    line: 1,
    column: 1,
  });
}

/** The instructions a stage defers to the stages and images built on it. */
export function triggersOf(stage: Stage): Instruction[] {
  return stage.commands.flatMap(({ trigger }) => trigger ?? []);
}
