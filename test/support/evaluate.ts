import {
  type EvaluateOptions,
  type ImageReference,
  type Outcome,
  planDockerfile,
} from '../../src/dockerfile/evaluate.ts';

/** Plans a Dockerfile and runs its stages. */
export function evaluateDockerfile(
  options: EvaluateOptions,
): Outcome & { references: readonly ImageReference[] } {
  const { references, run } = planDockerfile(options);
  return { references, ...run() };
}
