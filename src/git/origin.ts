import type { SimpleGit } from 'simple-git';
import { gitEnvironment, gitSettings } from './git-environment.ts';
import { maskCredentials } from './git-error.ts';

/** What origin answered, or why it gave no answer, in words fit for a report (credentials masked). */
export type OriginAnswer<Value> = { ok: true; value: Value } | { ok: false; detail: string };

/** The remote named origin, used as it is configured, within one time budget for everything it is asked. */
export interface Origin {
  /** The commit a branch is at now: what an earlier job of the same runner left behind may be long out of date. */
  branchTip(branch: string): Promise<OriginAnswer<string>>;
  /** The commit a tag or else a branch is at, named in full (`refs/tags/a`, `tags/a`) or not: git's own order (gitrevisions). */
  tipOf(name: string): Promise<OriginAnswer<string>>;
  /** Every tag with the commit it names. */
  tags(): Promise<OriginAnswer<ReadonlyMap<string, string>>>;
  /**
   * Fetches commits by id. No ref is written. Git tells origin what is here, so that of the commit next to another only
   * the files that differ come: leaving these out by a filter would save little, and make a partial clone of this one.
   *
   * @param options.depth How much history comes along. Never give one in a complete clone, or for a commit that is
   *   here: it would cut the history that is here.
   */
  fetch(options: { commits: readonly string[]; depth?: number }): Promise<OriginAnswer<void>>;
  /**
   * Fetches commits, without their files where origin can leave them out, into another repository.
   *
   * @param options.configuration The file of settings that tells that repository what origin is.
   * @param options.depth How much history there is then. `undefined` fetches what it lacks, and leaves a cut where it is;
   *   `ALL_HISTORY` leaves none.
   */
  fetchHistory(options: {
    into: string;
    configuration: string;
    commits: readonly string[];
    depth: number | undefined;
  }): Promise<OriginAnswer<void>>;
}

/** What `--unshallow` stands for, which git refuses where nothing is cut. */
export const ALL_HISTORY = 0x7fffffff;

export function openOrigin(options: {
  root: string;
  budgetMs: number;
  /** Is told each command before it runs, a line each. */
  say: (line: string) => void;
}): Origin {
  const abort = AbortSignal.timeout(options.budgetMs);
  const ask = async (
    args: readonly string[],
    { root = options.root, settings = [] }: { root?: string; settings?: readonly string[] } = {},
  ): Promise<OriginAnswer<string>> => {
    options.say(`git ${args.join(' ')}\n`);
    try {
      const git = await connect({ root, settings, abort });
      return { ok: true, value: await git.raw([...args]) };
    } catch (error) {
      return { ok: false, detail: explain(error as Error, abort, options.budgetMs) };
    }
  };
  return {
    async branchTip(branch) {
      const ref = `refs/heads/${branch}`;
      const answer = await ask(['ls-remote', 'origin', ref]);
      if (!answer.ok) return answer;
      const tip = listed(answer.value, [ref]);
      return tip === undefined
        ? { ok: false, detail: `origin has no branch ${branch}` }
        : { ok: true, value: tip };
    },
    async tipOf(name) {
      // An annotated tag's commit is listed behind it, under the name that ends in `^{}`.
      const full = [name, `refs/${name}`].filter((ref) => /^refs\/(?:tags|heads)\//.test(ref));
      const refs = [...full, `refs/tags/${name}`, `refs/heads/${name}`].flatMap((ref) => [`${ref}^{}`, ref]);
      const answer = await ask(['ls-remote', 'origin', ...refs]);
      if (!answer.ok) return answer;
      const tip = listed(answer.value, refs);
      return tip === undefined
        ? { ok: false, detail: `origin has no tag or branch ${name}` }
        : { ok: true, value: tip };
    },
    async tags() {
      const answer = await ask(['ls-remote', '--tags', 'origin']);
      return answer.ok ? { ok: true, value: tagsOf(answer.value) } : answer;
    },
    async fetch(wanted) {
      const answer = await ask(fetchCommand(wanted), { settings: KEEP_PACKS });
      return answer.ok ? { ok: true, value: undefined } : answer;
    },
    async fetchHistory({ into, configuration, ...wanted }) {
      const settings = [...KEEP_PACKS, `include.path=${configuration}`];
      const answer = await ask(fetchCommand(wanted, '--filter=tree:0'), { root: into, settings });
      return answer.ok ? { ok: true, value: undefined } : answer;
    },
  };
}

const FETCH_FLAGS = [
  '--quiet',
  '--no-tags',
  '--no-write-fetch-head',
  '--no-recurse-submodules',
  '--no-auto-gc',
];

/**
 * A pack is there as a whole or not at all. What git unpacks instead when it is small stays where the connection breaks:
 * a commit without its files, which the next job of the same runner would take for one that is here.
 */
const KEEP_PACKS = ['fetch.unpackLimit=1'];

function fetchCommand(
  { commits, depth }: { commits: readonly string[]; depth?: number | undefined },
  ...flags: string[]
): string[] {
  const history = depth === undefined ? [] : [`--depth=${depth}`];
  return ['fetch', ...FETCH_FLAGS, ...flags, ...history, 'origin', ...commits];
}

/** simple-git is loaded only here: most runs need no network, and loading it takes longer than git itself. */
async function connect(options: {
  root: string;
  settings: readonly string[];
  abort: AbortSignal;
}): Promise<SimpleGit> {
  const { simpleGit } = await import('simple-git');
  const environment = gitEnvironment();
  // The library guards against variables and settings of strangers; these are the job's own, and what git needs
  // to reach origin (proxies, certificates, ssh commands, credential helpers).
  return simpleGit({
    baseDir: options.root,
    abort: options.abort,
    config: [...gitSettings(), ...options.settings],
    allowEnvironment: Object.keys(environment),
    unsafe: TRUSTED,
  }).env(environment);
}

const TRUSTED = {
  allowUnsafeAlias: true,
  allowUnsafeAskPass: true,
  allowUnsafeCommandBinaries: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeDiffTextConv: true,
  allowUnsafeEditor: true,
  allowUnsafeExec: true,
  allowUnsafeFilter: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeGitProxy: true,
  allowUnsafeGpgProgram: true,
  allowUnsafeHooksPath: true,
  allowUnsafeInclude: true,
  allowUnsafeMergeDriver: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeSubmodule: true,
  allowUnsafeTemplateDir: true,
  allowUnsafeUrlRewrite: true,
} as const;

/** The first of the refs that `git ls-remote` lists, `<id>\t<ref>` a line; patterns match longer names too. */
function listed(listing: string, refs: readonly string[]): string | undefined {
  const ids = new Map(listing.split('\n').map((line) => [line.split('\t')[1], line.split('\t')[0]]));
  return refs.map((ref) => ids.get(ref)).find((id) => id !== undefined);
}

/** An annotated tag has a second line, `<commit>\trefs/tags/<name>^{}`, which counts. */
function tagsOf(listing: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const line of listing.split('\n')) {
    const [, commit, name] = /^([0-9a-f]+)\trefs\/tags\/(.+?)(?:\^\{\})?$/.exec(line) ?? [];
    if (commit !== undefined && name !== undefined) tags.set(name, commit);
  }
  return tags;
}

function explain(error: Error, abort: AbortSignal, budgetMs: number): string {
  if (abort.aborted) return `origin did not answer within ${budgetMs / 1000} s`;
  return maskCredentials(error.message)
    .trim()
    .replaceAll(/\s*\n\s*/g, '; ');
}
