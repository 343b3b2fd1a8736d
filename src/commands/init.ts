import { lstat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseConfig } from '../config/parse.ts';
import type { Config } from '../config/schema.ts';
import { AffectedError } from '../errors.ts';
import { originBranch } from '../git/local-base.ts';
import { readBlobs } from '../git/read-blobs.ts';
import { repositoryName } from '../git/repository.ts';
import { readWorkingTreeFile } from '../git/working-tree.ts';
import { displayDirectory } from '../images/image.ts';
import { imageGraph } from '../images/graph.ts';
import { followLinks } from '../images/links.ts';
import { namedLikeDockerfiles } from '../init/dockerfiles.ts';
import { type Note, notesOn } from '../init/notes.ts';
import { type Proposal, propose } from '../init/propose.ts';
import { renderConfigYaml } from '../render/config-yaml.ts';
import { type InitReport, renderInitReport } from '../render/init-report.ts';
import { printable, printableJson } from '../render/printable.ts';
import type { CommandFunction, CommandOptions } from '../run.ts';
import { overlayTree } from '../tree.ts';
import { backtestSummary } from './backtest-summary.ts';
import { createBlobStore } from './blob-store.ts';
import { findingsOn } from './check.ts';
import { CONFIG_FILE } from './load-config.ts';
import { workingTreeOf } from './load-head.ts';
import { loadSide } from './load-side.ts';
import type { Location } from './locate.ts';
import { paintFor } from './paint.ts';
import { replay } from './replay.ts';
import { configExists, writeConfig } from './write-config.ts';

/** `affected init`: writes an `affected.yml` for a repository that has none. */
export const init: CommandFunction = async (options) => {
  const { values, surroundings } = options;
  const location = await options.location.catch((error) => {
    throw withoutCommit(error);
  });
  const { repository } = location;
  const file = join(repository.root, CONFIG_FILE);
  const isDry = values['dry-run'] ?? false;
  if (!isDry) await refuse(location, file, values.force ?? false);
  const { proposal, open, yaml, config, report } = await work(location, options);
  const backtest = await shortBacktest(options, config);
  if (!isDry) await writeConfig(file, yaml, { replace: values.force ?? false });
  const full = { ...report, proposal, open, backtest };
  if (values.json) {
    surroundings.stdout(asJson(full, { written: !isDry, yaml }));
    return 0;
  }
  const headline = isDry
    ? `${CONFIG_FILE} is not written.`
    : `Wrote ${printable(relative(location.cwd, file))}.`;
  const text = renderInitReport(full, headline, paintFor(surroundings));
  // What is piped into a file is the config alone.
  if (isDry) surroundings.stdout(yaml);
  if (isDry) surroundings.stderr(text);
  else surroundings.stdout(text);
  return 0;
};

/** `HEAD` names no commit before the first. */
function withoutCommit(error: unknown): unknown {
  if (!(error instanceof AffectedError) || error.code !== 'unknown-revision') return error;
  return new AffectedError(
    'no-commit',
    'There is no commit yet, and only what git knows is an image: run git add and git commit, then affected init again.',
    { cause: error },
  );
}

async function refuse({ repository }: Location, file: string, force: boolean): Promise<void> {
  if (!repository.workTree) {
    throw new AffectedError(
      'no-working-tree',
      `${repository.root} has no working tree to write ${CONFIG_FILE} to; affected init --dry-run prints it`,
    );
  }
  // A link that leads nowhere is a file too.
  const exists = await lstat(file).then(
    () => true,
    () => false,
  );
  if (exists && !force) throw configExists(file);
}

/** How many commits are replayed to show what the config would do. */
const COMMITS = 30;

/** Undefined where there is no history, as in a shallow clone. */
async function shortBacktest(options: CommandOptions, config: Config): Promise<string | undefined> {
  const replayed = await replay({ ...options, config, count: COMMITS });
  if (replayed.commits.length === 0) return undefined;
  const { surroundings } = options;
  return backtestSummary(replayed, { ref: 'HEAD', asked: COMMITS, surroundings, onCommit() {} });
}

interface Work {
  proposal: Proposal;
  open: readonly Note[];
  yaml: string;
  config: Config;
  report: Pick<InitReport, 'graph'>;
}

/** Proposes a config, and reads the repository with it as every command would. */
async function work(location: Location, options: CommandOptions): Promise<Work> {
  const { repository } = location;
  const [committed, workingTree] = await Promise.all([location.listing, workingTreeOf(location, options)]);
  const whole = workingTree ? overlayTree(committed, workingTree.dirty) : committed;
  // What is written does not depend on what it replaces.
  const tree = overlayTree(whole, new Map([[CONFIG_FILE, undefined]]));
  const onDisk = (path: string) => readWorkingTreeFile(repository, path);
  const readObjects = (oids: Iterable<string>) => readBlobs(repository, oids);
  const blobs = createBlobStore({ readObjects, dirty: workingTree?.dirty, onDisk });
  const snapshot = { tree, text: (path: string) => blobs.text(tree, path) };
  await blobs.read(tree, tree.links);
  const dockerfiles = namedLikeDockerfiles(tree);
  await blobs.read(
    tree,
    dockerfiles.flatMap((path) => followLinks(snapshot, path).path ?? []),
  );
  const proposal = propose({
    snapshot,
    dockerfiles,
    repositoryName: await repositoryName(repository),
    targetBranch: await originBranch(repository),
  });
  if (proposal.images.length === 0) throw noImages(dockerfiles.length);
  const notes = notesOn(proposal);
  const config = parseConfig(renderConfigYaml(proposal, notes), CONFIG_FILE);
  const side = await loadSide({ tree, blobs, config, repository });
  const open = [...notes, ...(await findingsOn({ side, blobs }))];
  return {
    proposal,
    open,
    yaml: renderConfigYaml(proposal, open),
    config,
    report: { graph: imageGraph(side.images) },
  };
}

function noImages(named: number): AffectedError {
  const why =
    named === 0
      ? 'No file in git is named like a Dockerfile'
      : `Of ${named} files named like a Dockerfile, none is one that a builder reads`;
  return new AffectedError(
    'no-images',
    `${why}; add one, or write ${CONFIG_FILE} by hand with its globs under "discover"`,
  );
}

function asJson(report: InitReport, { written, yaml }: { written: boolean; yaml: string }): string {
  const { proposal, graph, open, backtest } = report;
  return printableJson({
    file: CONFIG_FILE,
    written,
    yaml,
    images: proposal.images.map(({ name, directory, dockerfile }) => ({
      name,
      directory: displayDirectory(directory),
      dockerfile,
      dependsOn: graph.get(name) ?? [],
    })),
    leftOut: proposal.found.leftOut,
    findings: open,
    backtest: backtest ?? null,
  });
}
