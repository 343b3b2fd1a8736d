import {
  type EvaluateOptions,
  type Outcome,
  planDockerfile,
  type PlannedDockerfile,
} from '../../src/dockerfile/evaluate.ts';

/** Plans a Dockerfile and runs its stages. */
export function evaluateDockerfile(
  options: EvaluateOptions,
): Outcome & Pick<PlannedDockerfile, 'references' | 'unneeded'> {
  const { references, unneeded, run } = planDockerfile(options);
  return { references, unneeded, ...run() };
}
