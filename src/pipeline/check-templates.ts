import { AffectedError } from '../errors.ts';
import type { BuildJob } from './build-job.ts';
import { inheritedValue } from './merge.ts';
import { JOB_NAME_LENGTH } from './limits.ts';
import type { PipelinePlan } from './plan.ts';
import type { Templates } from './templates.ts';

/**
 * @throws AffectedError `template` for a hidden job that is nowhere defined, `job-name` for a name GitLab does not take.
 */
export function checkTemplates({
  builds,
  steps,
  templates,
}: Pick<PipelinePlan, 'builds' | 'steps' | 'templates'>): void {
  for (const build of builds) checkBuild(build, templates);
  for (const { name, template, image, step } of [...steps.values()].flat()) {
    if (!templates.has(template)) {
      throw new AffectedError(
        'template',
        `The job "${name}" extends the hidden job "${template}", which no file in ci-templates/ defines; add it or change ${step === 'publish' || step === 'sign' ? `"${step}"` : '"verify"'} of "${image.name}" in affected.yml`,
      );
    }
    const rules = inheritedValue({ extends: template }, 'rules', templates);
    const always = JSON.stringify(rules ?? [{ when: 'on_success' }]);
    if (!['on_success', 'always'].some((when) => always === JSON.stringify([{ when }]))) {
      throw new AffectedError(
        'template',
        `${templates.get(template)?.file}: "${template}" has rules that may leave the job "${name}" out, which other jobs count on; remove them ("verify" in affected.yml leaves a step out)`,
      );
    }
    checkName(name);
  }
}

function checkBuild(build: BuildJob, templates: Templates): void {
  const { image, template, name } = build;
  if (!templates.has(template)) {
    throw new AffectedError(
      'template',
      `The image "${image.name}" is built by the hidden job "${template}", which no file in ci-templates/ defines; add it or change "template" in affected.yml`,
    );
  }
  checkName(name);
}

function checkName(name: string): void {
  if (name.length > JOB_NAME_LENGTH) {
    throw new AffectedError(
      'job-name',
      `The job name "${name}" has ${name.length} characters; GitLab takes ${JOB_NAME_LENGTH}; give the image a shorter name under "names" in affected.yml`,
    );
  }
}
