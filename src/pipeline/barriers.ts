import { AffectedError } from '../errors.ts';
import type { BuildJob } from './build-job.ts';
import type { Limits } from './limits.ts';

export const BARRIER_TEMPLATE = '.affected-barrier';

/** A small job between a build and some of its needs, which hands on what they handed over. */
export interface Barrier {
  name: string;
  needs: readonly string[];
  /** The dotenv variables of these. */
  variables: readonly string[];
  stage: 'build' | 'publish';
}

/**
 * Puts barriers between a build and its needs until no job has more than GitLab allows. No need is left out for being
 * reached through another: each brings a digest that this build uses.
 *
 * @param options.builds those that are needed, by job name.
 * @param options.own how many other jobs the build needs.
 * @param options.taken names of the image's own jobs.
 * @throws AffectedError `too-many-needs` for a build that barriers can't help.
 */
export function withBarriers(
  build: BuildJob,
  options: {
    limits: Limits;
    builds: ReadonlyMap<string, BuildJob>;
    own: number;
    taken: ReadonlySet<string>;
  },
): BuildJob {
  const { limits, builds, own, taken } = options;
  if (build.needs.length + own <= limits.needs) return build;
  const barriers: Barrier[] = [];
  const names = barrierNames(`${build.image.name}:needs`, taken);
  let direct = build.needs;
  while (direct.length + barriers.length + own > limits.needs) {
    const behind = handedOnByOne(direct, { limits, builds });
    if (behind.length < 2)
      throw tooManyNeeds({ build, limits, most: barriers[0]?.needs.length ?? behind.length });
    barriers.push({
      name: names.next().value,
      needs: behind.map(({ name }) => name),
      variables: behind.map(({ variable }) => variable),
      stage: 'build',
    });
    direct = direct.slice(behind.length);
  }
  return { ...build, needs: [...barriers.map(({ name }) => name), ...direct], barriers };
}

/**
 * The same for a job that publishes, which waits for others but takes nothing from them.
 *
 * @param needs what it needs, but for `own` jobs beside them.
 */
export function publishBarriers(options: {
  image: string;
  needs: readonly string[];
  own: number;
  limits: Limits;
  taken: ReadonlySet<string>;
}): { needs: readonly string[]; barriers: readonly Barrier[] } {
  const { image, needs, own, limits } = options;
  if (needs.length + own <= limits.needs) return { needs, barriers: [] };
  const names = barrierNames(`${image}:publish-needs`, options.taken);
  const count = Math.ceil(needs.length / limits.needs);
  const barriers = Array.from({ length: count }, (_, index): Barrier => ({
    name: names.next().value,
    needs: needs.slice(index * limits.needs, (index + 1) * limits.needs),
    variables: [],
    stage: 'publish',
  }));
  return { needs: barriers.map(({ name }) => name), barriers };
}

function* barrierNames(prefix: string, taken: ReadonlySet<string>): Generator<string, never> {
  for (let number = 1; ; number++) {
    const name = `${prefix}-${number}`;
    if (!taken.has(name)) yield name;
  }
}

/** As many of the first needs as one barrier may wait for, and its dotenv report may name. */
function handedOnByOne(
  needs: readonly string[],
  { limits, builds }: { limits: Limits; builds: ReadonlyMap<string, BuildJob> },
): readonly BuildJob[] {
  const most = needs
    .slice(0, Math.min(limits.needs, limits.dotenvVariables))
    .map((name) => builds.get(name) as BuildJob);
  let bytes = 0;
  const over = most.findIndex((build) => {
    bytes += longestLine(build);
    return bytes >= limits.dotenvBytes;
  });
  return over === -1 ? most : most.slice(0, over);
}

/** `<variable>=<repository>@sha256:<digest>`, in bytes with its line break, whatever the repository's variables hold. */
function longestLine({ variable, repository }: BuildJob): number {
  const name = repository.includes('$') ? LONGEST_REPOSITORY : repository.length;
  return [variable, '=', '@sha256:', '\n'].join('').length + name + 64;
}

/** The distribution reference grammar's `NameTotalLengthMax`. */
const LONGEST_REPOSITORY = 255;

/** `most`: how many images a barrier hands on. */
function tooManyNeeds(options: { build: BuildJob; limits: Limits; most: number }): AffectedError {
  const { build, limits, most } = options;
  return new AffectedError(
    'too-many-needs',
    `The image "${build.image.name}" is built from ${build.needs.length} images of this pipeline; GitLab allows ${limits.needs} needs a job, and a job between them can hand on ${most} images (limits.needs, limits.dotenvVariables and limits.dotenvBytes in affected.yml)`,
  );
}
