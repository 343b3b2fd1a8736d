import { expandVariables } from '../pipeline/expand-variables.ts';
import { printable } from '../render/printable.ts';
import type { Surroundings } from '../run.ts';

/** For everything that the registry is asked. */
const BUDGET_MS = 60_000;
const REQUEST_MS = 10_000;
const RETRY_MS = 500;

/** Requests under way at a time. */
const AT_A_TIME = 32;

export interface WantedImage {
  /** Below the registry's prefix. */
  repository: string;
  /** The first of these that is there counts; none: it can't be known by any. */
  tags: readonly string[];
  /** Whether all that the image is made of has to be there: what is below a tag may have been deleted. */
  mustBeWhole: boolean;
}

export type AskedImage =
  | { kind: 'published'; digest: string; tag: string }
  /** `detail` goes on after "and". */
  | { kind: 'absent'; detail: string }
  | { kind: 'unknown'; detail: string };

/** Answers in the order of what was asked. */
export type AskRegistry = (wanted: readonly WantedImage[]) => Promise<readonly AskedImage[]>;

/**
 * The registry that a pipeline publishes to, where it can be asked.
 *
 * @param options.name the configured prefix, which may hold variables.
 * @returns undefined outside of GitLab, where a variable of the prefix is not set, and with `AFFECTED_ASK_REGISTRY=0`.
 */
export function registryOf(options: {
  name: string;
  surroundings: Surroundings;
}): { isProtected: boolean; ask: AskRegistry } | undefined {
  const { surroundings } = options;
  const { env } = surroundings;
  const { text: prefix, missing } = expandVariables(options.name, env);
  if (!env['GITLAB_CI'] || missing.length > 0 || env['AFFECTED_ASK_REGISTRY'] === '0') return undefined;
  let open: Promise<AskRegistry> | undefined;
  return {
    isProtected: env['CI_COMMIT_REF_PROTECTED'] === 'true',
    ask: async (wanted) => (await (open ??= openAsking(prefix.replace(/\/+$/, ''), surroundings)))(wanted),
  };
}

/** One budget for all that is asked, however often. */
async function openAsking(prefix: string, surroundings: Surroundings): Promise<AskRegistry> {
  const [{ openRegistries }, { registryAccess }] = await Promise.all([
    import('../registry/registry.ts'),
    import('./registry-access.ts'),
  ]);
  const tell = (line: string) => surroundings.stderr(`${printable(line.trimEnd())}\n`);
  const told = new Set<string>();
  const registries = openRegistries({
    ...(await registryAccess(surroundings.env)),
    budgetMs: BUDGET_MS,
    requestMs: REQUEST_MS,
    retryMs: RETRY_MS,
    // Of thousands of questions, all may meet the same.
    say: (line, cause) => {
      if (cause === undefined || told.has(cause)) return;
      told.add(cause);
      tell(line);
    },
  });
  let failure: string | undefined;
  const askOne = async ({ repository, tags, mustBeWhole }: WantedImage): Promise<AskedImage> => {
    if (tags.length === 0) return { kind: 'unknown', detail: "what it is made of can't be known" };
    const name = `${prefix}/${repository}`;
    let detail = `${name} has no ${(tags[0] as string).slice(0, 14)}…`;
    for (const tag of tags) {
      if (failure !== undefined) return { kind: 'unknown', detail: failure };
      const found = await registries.digestOf(name, tag);
      if (found.ok && found.value === undefined) continue;
      const missing =
        found.ok && mustBeWhole ? await registries.missingPart(name, found.value as string) : undefined;
      const failed = [found, missing].find((answer) => answer?.ok === false);
      if (failed?.ok === false) {
        // Who does not answer one question will not answer the next.
        if (failed.status === undefined) failure ??= failed.detail;
        return { kind: 'unknown', detail: failed.detail };
      }
      const part = missing?.ok ? missing.value : undefined;
      if (found.ok && part === undefined) return { kind: 'published', digest: found.value as string, tag };
      detail = `${name}:${tag.slice(0, 14)}… is not whole: ${part} is gone`;
    }
    return { kind: 'absent', detail };
  };
  return async (wanted) => {
    tell(`Asking ${prefix} for ${wanted.length === 1 ? 'an image' : `${wanted.length} images`}`);
    const answers: AskedImage[] = [];
    const next = wanted.entries();
    const worker = async () => {
      for (const [index, image] of next) answers[index] = await askOne(image);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    return answers;
  };
}
