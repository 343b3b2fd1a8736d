import type { Image } from '../images/image.ts';
import { type ImageJobs, imageJobs } from './image-jobs.ts';
import type { Step } from './job-names.ts';
import type { PipelinePlan, PlanOptions } from './plan.ts';

/** The images' own jobs, as far as they are for this pipeline. */
export function ownJobs(
  { builds, steps }: Pick<PipelinePlan, 'builds' | 'steps'>,
  options: PlanOptions,
): ReadonlyMap<string, ImageJobs> {
  const built = new Set(builds.map(({ image }) => image.name));
  return new Map(
    options.affected.flatMap(({ image: { name }, image }): [string, ImageJobs][] => {
      const file = options.ciFiles.get(name);
      if (file === undefined) return [];
      const generated = (steps.get(name) ?? []).map(({ step }) => step);
      const planned = {
        steps: new Set<Step>(built.has(name) ? ['build', ...generated] : generated),
        reserved: reservedSteps(image as Image, options.release.sign),
        isVerified: options.registryImages?.reused.get(name)?.verified === true,
      };
      return [[name, imageJobs(image as Image, file, planned)]];
    }),
  );
}

/** The steps that are generated in some pipeline or other, whatever this one does. */
function reservedSteps({ verify }: Image, sign: string): ReadonlySet<Step> {
  const switched: [Step, boolean][] = [
    ['scan', verify.scan !== false],
    ['sbom', verify.sbom !== false],
    ['structure-test', verify.test !== false],
    ['sign', sign.startsWith('.')],
  ];
  const on = switched.filter(([, isOn]) => isOn).map(([step]) => step);
  return new Set<Step>(['build', 'reuse', 'publish', ...on]);
}
