import type { CommandOptions } from '../run.ts';
import { buildRequests } from './build-requests.ts';
import { agreed, askedPaths, changesSinceBase, type ChangesSinceBase } from './changes-since-base.ts';
import { type Compared, compareWithBase } from './compare-with-base.ts';
import { CONFIG_FILE } from './load-config.ts';
import { type LoadedHead, loadHead, type OpenHead, openHead, workingTreeOf } from './load-head.ts';
import { refuseProblems } from './load-side.ts';
import { publishedAgain } from './published-again.ts';
import { resolveWhatIf } from './what-if.ts';

interface CompareOptions extends CommandOptions {
  includeWorkingTree: boolean;
  /** Whether the images will be asked for paths that did not change. */
  anyPath?: boolean;
  /** Whether the commits are the past: then what was asked for besides does not count. */
  isHistory?: boolean;
}

/**
 * Compares two commits, or a commit and the working tree: gathers from git and the config, asks the core.
 *
 * @throws AffectedError for what a person can mend: arguments, config, files at the head.
 */
export async function compare(options: CompareOptions): Promise<Compared> {
  const location = await options.location;
  const workingTree = options.includeWorkingTree ? workingTreeOf(location, options) : undefined;
  const opening = openHead({ location, workingTree, options });
  const whatIf = options.values['what-if'];
  // Git is asked for the base while the head is being read; what is wrong with the head is told first.
  const asking = whatIf ? undefined : changesSinceBase({ location, workingTree, opening, options });
  asking?.catch(() => {});
  const opened = await opening;
  const asked = options.anyPath ? undefined : await asking?.then(askedPaths, () => undefined);
  if (asking) readAhead(opened, asking);
  const head = await loadHead(opened, asked);
  refuseProblems(head.side.problems);
  const since = agreed(await (asking ?? suppose(head, whatIf ?? [])), head);
  const requests = options.isHistory || whatIf ? [] : await buildRequests(opened, options.surroundings);
  const compared = await compareWithBase({ head, since, asked, requests, options });
  const { published = [] } = since.decision;
  const again = await publishedAgain({
    published,
    compared,
    compareWith: (commit) => compareCommits(options, { head, commit }),
  });
  if (again.length === 0) return compared;
  return compareWithBase({ head, since, asked, requests: [...requests, ...again], options });
}

/** Compares the head's commit with one before it, or beside it. */
function compareCommits(
  options: CompareOptions,
  { head, commit }: { head: LoadedHead; commit: string },
): Promise<Compared> {
  return compare({
    ...options,
    values: { ...options.values, base: commit },
    location: Promise.resolve(head),
    includeWorkingTree: false,
    isHistory: true,
  });
}

/** Git reads the base's own Dockerfiles and ignore files while the head's are being read. */
function readAhead({ blobs }: OpenHead, asking: Promise<ChangesSinceBase>): void {
  const reading = asking.then(({ baseTree, changes }) => {
    const paths = changes
      .map(({ path }) => path)
      .filter((path) => /(?:Dockerfile|\.dockerignore)$/.test(path));
    return baseTree && blobs.read(baseTree, paths);
  });
  // Who needs them asks again.
  reading.catch(() => {});
}

async function suppose(head: LoadedHead, paths: readonly string[]): Promise<ChangesSinceBase> {
  const { repository, cwd, side, override } = head;
  const changes = await resolveWhatIf({ repository, cwd, paths, side });
  const why = 'as if the named paths had changed';
  if (override || !changes.some(({ path }) => path === CONFIG_FILE)) {
    return { decision: { commits: [head.commit], why }, changes, baseTree: side.tree };
  }
  const detail = `what a change of ${CONFIG_FILE} affects depends on the change`;
  return {
    decision: { commits: [], why, widened: { code: 'what-if-config', detail } },
    changes,
    baseTree: undefined,
  };
}
