import { environmentPairs } from './name-values.ts';
import { type EvaluateOptions, type PlannedStage, planStages } from './plan.ts';

/**
 * The labels that a Dockerfile gives the image of its target itself, by LABEL in that stage or one it is built on: not those
 * that its base image has. Throws a DockerfileError.
 */
export function labelNames(options: EvaluateOptions): ReadonlySet<string> {
  const { stages } = planStages(options);
  const { escape } = options.dockerfile;
  const names = new Set<string>();
  let current = stages.at(-1) as PlannedStage;
  const read = ({ stage }: PlannedStage) => {
    for (const { keyword, arguments: text } of stage.commands) {
      if (keyword !== 'LABEL') continue;
      for (const { name } of environmentPairs(text, { keyword, escape }).pairs)
        names.add(name.replace(/^(["'])(.*)\1$/, '$2'));
    }
  };
  read(current);
  // A stage is built on an earlier one.
  for (const planned of stages.toReversed()) {
    if (planned.stage !== current.base.stage) continue;
    current = planned;
    read(current);
  }
  return names;
}
