import { type Environment, isOn, readVariables } from './variables.ts';

/**
 * Whether a pipeline builds anew whatever it builds, because there may be news that no fingerprint knows of: base images
 * and packages from elsewhere.
 */
export function buildsAfresh(environment: Environment): boolean {
  const { AFFECTED_ALL, CI_PIPELINE_SOURCE } = readVariables(environment);
  return CI_PIPELINE_SOURCE === 'schedule' || isOn(AFFECTED_ALL);
}
