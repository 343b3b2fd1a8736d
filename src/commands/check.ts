import { AffectedError } from '../errors.ts';
import type { BuilderCall } from '../dockerfile/builders/builder.ts';
import { buildLevels, imageGraph } from '../images/graph.ts';
import { builderCall } from '../pipeline/builder-call.ts';
import type { CiFile } from '../pipeline/ci-yaml.ts';
import type { ChildPipeline } from '../pipeline/child-pipeline.ts';
import { buildJobName } from '../pipeline/job-names.ts';
import type { Templates } from '../pipeline/templates.ts';
import { childPipelines } from '../pipeline/waves.ts';
import { printable, printableJson } from '../render/printable.ts';
import type { CommandFunction } from '../run.ts';
import { builderFindings } from './check-builders.ts';
import { type CheckFinding, escapingSources, lookalikes, unusedSettings } from './check-settings.ts';
import { keyFindings } from './check-keys.ts';
import { runnerFindings } from './check-runner.ts';
import { tagFindings } from './check-tags.ts';
import { type LoadedHead, loadHead, openHead, workingTreeOf } from './load-head.ts';
import { loadTemplates } from './load-templates.ts';
import { NO_PIPELINE, waveSource } from './pipeline-files.ts';
import { planSettings } from './plan-settings.ts';
import { loadCiFiles } from './template-uses.ts';

/** These make the tool unable to look at the repository at all; everything else is a finding. */
const NOT_FINDINGS = new Set(['git-missing', 'git-failed', 'unreadable-config']);

/** `affected check`: config, Dockerfiles, references, graph, templates and image jobs; exit 1 on findings. */
export const check: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  const location = await options.location;
  const workingTree = workingTreeOf(location, options);
  const hints = new Set<string>();
  const findings = await findingsOf(
    async () => loadHead(await openHead({ location, workingTree, options })),
    (head) => {
      for (const hint of lookalikes(head.side)) hints.add(hint);
      return findingsOn(head, (hint) => hints.add(hint));
    },
  );
  if (values.json) surroundings.stdout(printableJson({ findings, hints: [...hints] }));
  else {
    const told = findings.map(({ code, message }) => `${printable(message)} [${code}]\n`);
    surroundings.stdout(told.length === 0 ? 'No findings.\n' : told.join(''));
    surroundings.stdout([...hints].map((hint) => `hint: ${printable(hint)}\n`).join(''));
  }
  return findings.length === 0 ? 0 : 1;
};

type Head = Pick<LoadedHead, 'side' | 'blobs'>;
type Hint = (hint: string) => void;

/**
 * All that a person should mend; throws AffectedError only for what makes the tool unable to look.
 *
 * @param hint is told what is only worth knowing.
 */
export async function findingsOn(head: Head, hint: Hint = () => {}): Promise<CheckFinding[]> {
  const { side, blobs } = head;
  const findings: CheckFinding[] = side.problems.map(({ code, message }) => ({ code, message }));
  for (const { widenings, unknownSources } of side.images.values()) {
    findings.push(
      ...[...widenings, ...unknownSources].map(({ code, detail }) => ({ code, message: detail })),
    );
  }
  findings.push(
    ...unusedSettings(side),
    ...(await keyFindings(side, blobs)),
    ...escapingSources(side),
    ...tagFindings(side),
  );
  const templates = await findingsOf(
    () => loadTemplates(side.tree, blobs),
    async (loaded) => pipelineFindings(head, loaded, hint),
  );
  findings.push(...templates);
  const distinct = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...distinct.values()];
}

/** What `generate` would refuse, of each image alone and of all together, and what an image's builder would. */
async function pipelineFindings(
  { side, blobs }: Head,
  templates: Templates,
  hint: Hint,
): Promise<CheckFinding[]> {
  const findings: CheckFinding[] = [];
  const attempt = async (step: () => Promise<unknown>) =>
    findings.push(...(await findingsOf(step, async () => [])));
  await attempt(async () => buildLevels(imageGraph(side.images)));
  const planOf = (names: readonly string[], ciFiles: ReadonlyMap<string, CiFile>) =>
    childPipelines({
      affected: names.flatMap((name) => side.images.get(name) ?? []).map(({ image }) => ({ image })),
      ...planSettings(side, names),
      // Where most is done with an image.
      publication: { kind: 'default-branch', branch: side.config.targetBranch ?? 'main' },
      pipeline: NO_PIPELINE,
      // Those of the config are looked at for themselves.
      patterns: { ...side.config.tags, defaultBranch: ['{sha}'] },
      templates,
      ciFiles,
      dockerfiles: new Map(),
      source: waveSource({ output: 'child-pipeline.yml', surroundings: { env: {}, cwd: '/' } }),
    });
  const all = new Map<string, CiFile>();
  const built: CheckFinding[] = [];
  for (const [name, resolved] of side.images) {
    await attempt(async () => {
      const own = await loadCiFiles([name], side, blobs);
      const call = callOf(planOf([name], own).pipeline, name);
      for (const [image, file] of own) all.set(image, file);
      if (call === undefined) return;
      const told = builderFindings(resolved, call, side);
      built.push(...told.findings, ...runnerFindings(resolved, call, side.tree));
      told.hints.forEach(hint);
    });
  }
  // Each alone is fine: what is left shows only where they meet.
  if (findings.length === 0)
    await attempt(async () => planOf(buildLevels(imageGraph(side.images)).flat(), all));
  return [...findings, ...built];
}

/** How the job that builds an image calls its builder. */
function callOf({ jobs, hidden }: ChildPipeline, image: string): BuilderCall | undefined {
  const build = jobs.find(({ name }) => name === buildJobName(image));
  return build && builderCall(build.definition, new Map(hidden.map((template) => [template.name, template])));
}

/** Runs a step; an error a person can mend becomes a finding. */
async function findingsOf<T>(
  step: () => Promise<T>,
  next: (value: T) => Promise<CheckFinding[]>,
): Promise<CheckFinding[]> {
  let value: T;
  try {
    value = await step();
  } catch (error) {
    if (!(error instanceof AffectedError) || NOT_FINDINGS.has(error.code)) throw error;
    return error.lines.map((message) => ({ code: error.code, message }));
  }
  return next(value);
}
