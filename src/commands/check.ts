import { AffectedError } from '../errors.ts';
import { buildLevels, imageGraph } from '../images/graph.ts';
import type { CiFile } from '../pipeline/ci-yaml.ts';
import { limitsOf } from '../pipeline/limits.ts';
import type { Templates } from '../pipeline/templates.ts';
import { childPipelines } from '../pipeline/waves.ts';
import { printable, printableJson } from '../render/printable.ts';
import type { CommandFunction } from '../run.ts';
import { type CheckFinding, escapingSources, lookalikes, unusedSettings } from './check-settings.ts';
import { keyFindings } from './check-keys.ts';
import { type LoadedHead, loadHead, openHead, workingTreeOf } from './load-head.ts';
import { loadTemplates } from './load-templates.ts';
import { waveSource } from './pipeline-files.ts';
import { loadCiFiles } from './template-uses.ts';

/** These make the tool unable to look at the repository at all; everything else is a finding. */
const NOT_FINDINGS = new Set(['git-missing', 'git-failed', 'unreadable-config']);

/** `affected check`: config, Dockerfiles, references, graph, templates and image jobs; exit 1 on findings. */
export const check: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  const location = await options.location;
  const workingTree = workingTreeOf(location, options);
  const hints: string[] = [];
  const findings = await findingsOf(
    async () => loadHead(await openHead({ location, workingTree, options })),
    (head) => {
      hints.push(...lookalikes(head.side));
      return findingsOn(head);
    },
  );
  if (values.json) surroundings.stdout(printableJson({ findings, hints }));
  else {
    const told = findings.map(({ code, message }) => `${printable(message)} [${code}]\n`);
    surroundings.stdout(told.length === 0 ? 'No findings.\n' : told.join(''));
    surroundings.stdout(hints.map((hint) => `hint: ${printable(hint)}\n`).join(''));
  }
  return findings.length === 0 ? 0 : 1;
};

/** All that a person should mend; throws AffectedError only for what makes the tool unable to look. */
export async function findingsOn(head: Pick<LoadedHead, 'side' | 'blobs'>): Promise<CheckFinding[]> {
  const { side, blobs } = head;
  const findings: CheckFinding[] = side.problems.map(({ code, message }) => ({ code, message }));
  for (const { widenings, unknownSources } of side.images.values()) {
    findings.push(
      ...[...widenings, ...unknownSources].map(({ code, detail }) => ({ code, message: detail })),
    );
  }
  findings.push(...unusedSettings(side), ...(await keyFindings(side, blobs)), ...escapingSources(side));
  const templates = await findingsOf(
    () => loadTemplates(side.tree, blobs),
    async (loaded) => pipelineFindings(head, loaded),
  );
  findings.push(...templates);
  const distinct = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...distinct.values()];
}

/** What `generate` would refuse: of each image alone, and of all together. */
async function pipelineFindings(
  { side, blobs }: Pick<LoadedHead, 'side' | 'blobs'>,
  templates: Templates,
): Promise<CheckFinding[]> {
  const findings: CheckFinding[] = [];
  const attempt = async (step: () => Promise<unknown>) =>
    findings.push(...(await findingsOf(step, async () => [])));
  await attempt(async () => buildLevels(imageGraph(side.images)));
  const planOf = (names: readonly string[], ciFiles: ReadonlyMap<string, CiFile>) =>
    childPipelines({
      affected: names.flatMap((name) => side.images.get(name) ?? []).map(({ image }) => ({ image })),
      images: side.images,
      registry: side.config.registry,
      publication: { kind: 'local' },
      templates,
      ciFiles,
      dockerfiles: new Map(),
      limits: limitsOf(side.config.limits),
      source: waveSource({ output: 'child-pipeline.yml', surroundings: { env: {}, cwd: '/' } }),
    });
  const all = new Map<string, CiFile>();
  for (const name of side.images.keys()) {
    await attempt(async () => {
      const own = await loadCiFiles([name], side, blobs);
      planOf([name], own);
      for (const [image, file] of own) all.set(image, file);
    });
  }
  // Each alone is fine: what is left shows only where they meet.
  if (findings.length === 0)
    await attempt(async () => planOf(buildLevels(imageGraph(side.images)).flat(), all));
  return findings;
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
