import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { AffectedError } from '../errors.ts';
import { followLinks } from '../images/links.ts';
import type { Publication } from '../gitlab/publication.ts';
import { printable } from '../render/printable.ts';
import { renderTable } from '../render/table.ts';
import type { CommandFunction, CommandOptions, Surroundings } from '../run.ts';
import { bakeFile } from './bake-file.ts';
import { compare } from './compare.ts';
import type { Compared } from './compare-with-base.ts';
import type { LoadedSide } from './load-side.ts';
import { loadTemplates } from './load-templates.ts';
import { paintFor } from './paint.ts';
import { type PipelineFile, pipelineFiles, pipelineId } from './pipeline-files.ts';
import { planSettings } from './plan-settings.ts';
import { publishPlanFile } from './publish-plan-file.ts';
import { type WithRegistry, withRegistryImages } from './registry-images.ts';
import { exitCodeFor } from './strict.ts';
import { loadCiFiles } from './template-uses.ts';
import { failOnUnowned } from './unowned-policy.ts';

const FORMATS: readonly string[] = ['gitlab', 'bake'];

/**
 * `affected generate -o FILE`: the child pipeline of the affected images, from commits only; or with `--format bake` the
 * same plan for `docker buildx bake`, which outside of GitLab builds the working tree.
 */
export const generate: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  if (values.output === undefined) {
    throw new AffectedError(
      'usage',
      'affected generate needs --output FILE, the child pipeline to write. See affected --help.',
    );
  }
  const isBake = formatOf(values) === 'bake';
  const publication = await publicationOf(surroundings.env);
  const isLocal = publication.kind === 'local';
  const compared = await compare({ ...options, includeWorkingTree: isBake && isLocal });
  // A bake file copies nothing.
  const reuse = isBake ? 'off' : compared.head.side.config.reuse;
  const planned = await withRegistryImages(compared, { surroundings, publication, reuse });
  const { comparison } = planned;
  const found = { ...compared, ...planned };
  const { files, notes } = isBake
    ? bakeOf(found, { ...options, output: values.output, publication })
    : await filesOf(found, { output: values.output, surroundings, publication, plan: values.plan });
  surroundings.stdout(renderTable(comparison, { paint: paintFor(surroundings), showUnaffected: false }));
  const exitCode = Math.max(exitCodeFor(comparison, values), failOnUnowned(comparison, options));
  if (exitCode !== 0) return exitCode;
  // The one that starts the others comes last: whoever sees it finds them.
  for (const { path, text } of files) await writeWhole(resolve(surroundings.cwd, path), text);
  const pipelines = files.filter(({ path }) => path !== values.plan);
  surroundings.stdout(`\n${[written(pipelines), ...notes].join('\n')}\n`);
  return 0;
};

function formatOf({ format = 'gitlab', platform, tag }: CommandOptions['values']): string {
  if (!FORMATS.includes(format)) {
    throw new AffectedError('usage', `--format ${JSON.stringify(format)}: formats are ${FORMATS.join(', ')}`);
  }
  const option = platform !== undefined ? '--platform' : tag === undefined ? undefined : '--tag';
  if (format === 'bake' || option === undefined) return format;
  throw new AffectedError('usage', `${option} goes with "affected generate --format bake" only`);
}

function bakeOf(
  found: Compared & WithRegistry,
  options: CommandOptions & { output: string; publication: Publication },
): { files: readonly PipelineFile[]; notes: readonly string[] } {
  const { tag } = options.values;
  const publication: Publication =
    tag === undefined ? options.publication : { kind: 'tag', tag, defaultBranch: undefined };
  const { text, notes } = bakeFile(found, { ...options, publication });
  return { files: [{ path: options.output, text }], notes };
}

async function filesOf(
  { comparison, head, registryImages, fresh }: Compared & WithRegistry,
  to: { output: string; surroundings: Surroundings; publication: Publication; plan: string | undefined },
): Promise<{ files: readonly PipelineFile[]; notes: readonly string[] }> {
  const { side, blobs } = head;
  const names = comparison.affected.map(({ image }) => image.name);
  const options = {
    ...to,
    comparison,
    affected: comparison.affected,
    ...planSettings(side, names),
    templates: await loadTemplates(side.tree, blobs),
    ciFiles: await loadCiFiles(names, side, blobs),
    dockerfiles: dockerfileTexts(side, names),
    registryImages,
    fresh,
    pipeline: pipelineId(to.surroundings.env),
  };
  const { env } = to.surroundings;
  const plan = publishPlanFile({ ...options, file: to.plan, env, commit: head.commit });
  const files = pipelineFiles(options);
  if (plan === undefined) return { files, notes: [] };
  const note = `Wrote ${printable(plan.path)}, for affected publish --plan after the child pipeline`;
  return { files: [plan, ...files], notes: [note] };
}

function written(files: readonly PipelineFile[]): string {
  const [last, ...waves] = files.map(({ path }) => printable(path)).reverse();
  if (waves.length === 0) return `Wrote ${last}`;
  const few = waves.length === 1 ? waves[0] : `${waves.at(-1)} to ${waves[0]}`;
  return `Wrote ${last}, which starts ${waves.length} pipelines one after the other: ${few}\nAll of them must be artifacts of this job`;
}

function dockerfileTexts(side: LoadedSide, names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    names.map((name) => {
      const dockerfile = side.images.get(name)?.image.dockerfile as string;
      const { path } = followLinks(side.snapshot, dockerfile);
      return [name, (path === undefined ? undefined : side.snapshot.text(path)) ?? ''];
    }),
  );
}

async function publicationOf(env: Surroundings['env']): Promise<Publication> {
  if (!env['GITLAB_CI'] && !env['CI_PIPELINE_SOURCE']) return { kind: 'local' };
  const { publication } = await import('../gitlab/publication.ts');
  return publication(env);
}

/** Writes beside the target and renames, so that no reader ever sees half a pipeline. */
async function writeWhole(file: string, text: string): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`);
  try {
    const existing = await stat(file).catch(() => undefined);
    // A device or a pipe, such as /dev/stdout, can't be renamed over.
    if (existing && !existing.isFile()) return await writeFile(file, text);
    await writeFile(temporary, text);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new AffectedError('unwritable-output', `--output ${file}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
