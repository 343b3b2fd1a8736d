import { runStages } from './evaluate.ts';
import type { Instruction } from './instruction.ts';
import { startOf } from './logical-lines.ts';
import { argumentPairs } from './name-values.ts';
import { type EvaluateOptions, planStages } from './plan.ts';
import type { Value } from './scope.ts';
import { readStages } from './stages.ts';

/** What a build arg is where an ARG declares it. */
export interface ArgumentValue {
  /** Undefined where it has no value. */
  text: string | undefined;
  /** Variables behind it that only an image out of sight could have set. */
  unknown: readonly string[];
  /** 1-based: of the ARG. */
  line: number;
}

/**
 * What a build arg is wherever it is declared: before the stages, and in those that the target needs, in the order of
 * the file. Throws a DockerfileError.
 */
export function argumentValues(options: EvaluateOptions, name: string): readonly ArgumentValue[] {
  const { dockerfile } = options;
  const { escape } = dockerfile;
  const plan = planStages(options);
  const declares = ({ keyword, arguments: text }: Instruction) =>
    keyword === 'ARG' && argumentPairs(text, { escape }).pairs.some((pair) => pair.name === name);
  const values = readStages(dockerfile)
    .globals.filter(declares)
    .map((instruction) => valueAt(instruction, plan.globals.get(name)));
  runStages(plan, options, false, (state, instruction) => {
    if (declares(instruction)) values.push(valueAt(instruction, state.values.get(name)));
  });
  return values;
}

function valueAt(instruction: Instruction, value: Value | undefined): ArgumentValue {
  return { text: value?.text, unknown: value?.unknown ?? [], line: startOf(instruction).line };
}
