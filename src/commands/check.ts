import { AffectedError } from '../errors.ts';
import { buildLevels, imageGraph } from '../images/graph.ts';
import { planPipeline } from '../pipeline/plan.ts';
import { printableJson, printableLines } from '../render/printable.ts';
import type { CommandFunction } from '../run.ts';
import { type LoadedHead, loadHead, workingTreeOf } from './load-head.ts';
import { loadTemplates } from './load-templates.ts';
import { loadCiFiles } from './template-uses.ts';

/** Something a person should mend: a code and a sentence that names the file. */
interface CheckFinding {
  code: string;
  message: string;
}

/** These make the tool unable to look at the repository at all; everything else is a finding. */
const NOT_FINDINGS = new Set(['git-missing', 'git-failed', 'unreadable-config']);

/** `affected check`: config, Dockerfiles, references, graph, templates and image jobs; exit 1 on findings. */
export const check: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  const location = await options.location;
  const workingTree = workingTreeOf(location, options);
  const findings = await findingsOf(() => loadHead({ location, workingTree, options }), checkHead);
  if (values.json) surroundings.stdout(printableJson({ findings }));
  else if (findings.length === 0) surroundings.stdout('No findings.\n');
  else
    surroundings.stdout(
      findings.map(({ code, message }) => `${printableLines(message)} [${code}]\n`).join(''),
    );
  return findings.length === 0 ? 0 : 1;
};

async function checkHead(head: LoadedHead): Promise<CheckFinding[]> {
  const { side, blobs } = head;
  const findings: CheckFinding[] = side.problems.map(({ code, message }) => ({ code, message }));
  for (const { widenings } of side.images.values()) {
    findings.push(...widenings.map(({ code, detail }) => ({ code, message: detail })));
  }
  let templates: ReturnType<typeof loadTemplates> | undefined;
  const attempts = [
    async () => void buildLevels(imageGraph(side.images)),
    ...[...side.images.values()].map((resolved) => async () => {
      const ciFiles = await loadCiFiles([resolved.image.name], side, blobs);
      planPipeline({
        affected: [{ image: resolved.image, reasons: [], dependsOn: [], level: 0 }],
        images: side.images,
        registry: side.config.registry,
        publication: { kind: 'local' },
        templates: await (templates ??= loadTemplates(side.tree, blobs)),
        ciFiles,
        dockerfiles: new Map(),
      });
    }),
  ];
  for (const attempt of attempts) findings.push(...(await findingsOf(attempt, async () => [])));
  const distinct = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...distinct.values()];
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
    return [{ code: error.code, message: error.message }];
  }
  return next(value);
}
