import type { GitLab } from './api.ts';
import type { BuiltAnswer, Past } from './built-commit.ts';
import { pipelineOutcome } from './pipeline-outcome.ts';
import { publishedSince } from './published-since.ts';
import type { Pipeline } from './schemas.ts';

/**
 * The newest commit of head's history that a pipeline of the branch built and published all of what it planned for. A
 * pipeline's own status lies both ways (allowed failures; a later test that failed), so its children's builds tell.
 *
 * Newest is what git says: a later pipeline of an older commit does not hide an earlier one of a newer commit. Head's own
 * commit counts, where another pipeline has built it.
 *
 * @param options.presentPipeline the id of this pipeline, which has not built yet.
 */
export async function lastBuilt(
  options: Past & {
    api: GitLab;
    projectId: string | number;
    branch: string;
    presentPipeline: string | number | undefined;
  },
): Promise<BuiltAnswer> {
  const { api, projectId, branch, presentPipeline, history } = options;
  const listed = await api.pipelines({ projectId, branch, atMost: MOST_LISTED });
  if (!listed.ok) return listed;
  const others = listed.value.filter(({ id }) => String(id) !== String(presentPipeline));
  const done = others.filter(({ status }) => !NOT_DONE.has(status));
  const candidates = newestFirst(done, history).slice(0, MOST_LOOKED_AT);
  const isInPast = pastOf(options);
  const passedOver: string[] = [];
  for (const candidate of candidates) {
    const { id, sha } = candidate;
    const past = await isInPast(sha);
    if (past !== true) {
      passedOver.push(
        `${id} (${past === false ? "not in this commit's history" : 'its commit is unknown here'})`,
      );
      continue;
    }
    const outcome = await pipelineOutcome({ api, projectId, pipeline: id });
    if (!outcome.ok) return outcome;
    if (outcome.value.built) {
      const later = laterThan(candidate, { others, presentPipeline });
      if (later.length > MOST_LOOKED_AT) {
        const why = `more than ${MOST_LOOKED_AT} pipelines of ${branch} came after pipeline ${id}, the last that built all it planned`;
        return { ok: true, value: undefined, why };
      }
      const published = await publishedSince({ api, projectId, pipelines: later });
      if (!published.ok) return published;
      const why = `pipeline ${id} of ${branch} built all it planned (${count(outcome.value.images)})`;
      return {
        ok: true,
        value: {
          commit: sha,
          pipeline: id,
          why: [why, ...told(passedOver)].join('; '),
          ...(published.value.length === 0 ? {} : { published: published.value }),
        },
      };
    }
    passedOver.push(`${id} (${outcome.value.why})`);
  }
  const of =
    candidates.length === 0
      ? `${branch} has no other pipeline`
      : `no pipeline of ${branch} built all it planned`;
  return { ok: true, value: undefined, why: [of, ...told(passedOver)].join('; ') };
}

const MOST_LISTED = 100;
const MOST_LOOKED_AT = 20;

/** Such a pipeline is not done; but some of its jobs may be. What else a status says does not matter. */
const NOT_DONE = new Set(['created', 'waiting_for_resource', 'preparing', 'pending', 'scheduled', 'skipped']);

/** No job of such a pipeline has run (lib/gitlab/ci/status/composite.rb); of the others above, all but one may have. */
const NOT_STARTED = new Set(['pending', 'skipped']);

/**
 * The commits this clone knows as git has them, then others by their last pipeline. Of one commit, what nobody scheduled
 * comes first: most schedules build no images.
 */
function newestFirst(pipelines: readonly Pipeline[], history: readonly string[]): readonly Pipeline[] {
  const byId = pipelines.toSorted((a, b) => b.id - a.id);
  const commits = [...new Set([...history, ...byId.map(({ sha }) => sha)])];
  const ranks = new Map(commits.map((commit, rank) => [commit, rank]));
  const rank = ({ sha }: Pipeline) => ranks.get(sha) as number;
  const scheduled = ({ source }: Pipeline) => Number(source === 'schedule');
  return byId.toSorted((a, b) => rank(a) - rank(b) || scheduled(a) - scheduled(b));
}

/**
 * The pipelines after one, of other commits, up to the present one: what came later still is not for it to judge. One that
 * waits for a resource may have published images before.
 */
function laterThan(
  { id, sha }: Pipeline,
  { others, presentPipeline }: { others: readonly Pipeline[]; presentPipeline: string | number | undefined },
): readonly Pipeline[] {
  const present = Number(presentPipeline ?? Infinity);
  return others.filter(
    (other) => other.id > id && !(other.id > present) && other.sha !== sha && !NOT_STARTED.has(other.status),
  );
}

/** Asks once for each commit, as the answer may take a fetch. */
function pastOf({ history, isAncestor }: Past): (commit: string) => Promise<boolean | undefined> {
  const answers = new Map<string, Promise<boolean | undefined>>(
    history.map((commit) => [commit, Promise.resolve(true)]),
  );
  return (commit) => {
    const answer = answers.get(commit) ?? isAncestor(commit);
    answers.set(commit, answer);
    return answer;
  };
}

function count(images: number): string {
  if (images === 0) return 'no image was affected';
  return images === 1 ? '1 image' : `${images} images`;
}

function told(passedOver: readonly string[]): readonly string[] {
  if (passedOver.length === 0) return [];
  const more = passedOver.length - MOST_TOLD;
  return [`passed over: ${passedOver.slice(0, MOST_TOLD).join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
}

const MOST_TOLD = 3;
