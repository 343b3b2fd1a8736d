import { argumentWords, isHeredoc } from './check.ts';
import { cleanPath } from './go-match.ts';
import { DockerfileError, type Instruction } from './instruction.ts';
import { startOf } from './logical-lines.ts';
import { readMount } from './mounts.ts';
import { mountFlags } from './origins.ts';
import type { Value } from './scope.ts';
import { isRemote } from './source-kind.ts';

/** Something an instruction reads from the build context. */
export interface ContextSource {
  instruction: 'COPY' | 'ADD' | 'RUN';
  /** Expanded, relative to the context's root, cleaned; `.` is the whole context. */
  source: string;
  /**
   * Where the source leads relative to the context when it leaves it (`../shared/x`), for builders that follow it there:
   * Kaniko joins the path to the context's directory, while BuildKit stays inside.
   */
  outside: string | undefined;
  /** `COPY --parents` and `--exclude`. */
  parents: boolean;
  exclude: readonly string[];
  /** No wildcards: the source of a `RUN --mount`. */
  literal: boolean;
  /** Variables that an image out of sight may set: when there are any, the source can't be known. */
  unset: readonly string[];
  line: number;
  /** The instruction came from the base image's ONBUILD; `line` is then the `FROM`'s. */
  viaTrigger: boolean;
}

/** A source before the stage says where it stands. */
type Found = Omit<ContextSource, 'line' | 'viaTrigger'>;

/**
 * The sources of one instruction of a stage, each word expanded by `expand` (BuildKit frontend/dockerfile/dockerfile2llb,
 * dispatchCopy and dispatchRunMounts). Heredocs, URLs, git repositories and what `--from` names are none.
 */
export function contextSources(instruction: Instruction, expand: (word: string) => Value): Found[] {
  switch (instruction.keyword) {
    case 'COPY':
    case 'ADD':
      return copySources(instruction, { instruction: instruction.keyword, expand });
    case 'RUN':
      return mountFlags(instruction).flatMap(({ value = '' }) => mountSources(value, instruction, expand));
    default:
      return [];
  }
}

function copySources(
  instruction: Instruction,
  options: { instruction: 'COPY' | 'ADD'; expand: (word: string) => Value },
): Found[] {
  const { flags } = instruction;
  if (flags.some(({ name, value }) => name === 'from' && value !== '')) return [];
  const parents = flags.findLast(({ name }) => name === 'parents');
  const exclude = flags.flatMap(({ name, value }) =>
    name === 'exclude' && value !== undefined ? [value] : [],
  );
  return argumentWords(instruction)
    .slice(0, -1)
    .filter((word) => !isHeredoc(word))
    .map(options.expand)
    .filter(({ text }) => !isFetched(text, instruction))
    .map(({ text, unknown }) => ({
      instruction: options.instruction,
      source: cleaned(text),
      outside: outsideContext(text),
      parents: parents !== undefined && parents.value?.toLowerCase() !== 'false',
      exclude,
      literal: false,
      unset: unknown,
    }));
}

function isFetched(source: string, instruction: Instruction): boolean {
  if (!isRemote(source)) return false;
  if (instruction.keyword === 'ADD') return true;
  throw new DockerfileError(`source can't be a URL or a git ref for COPY: ${source}`, startOf(instruction));
}

function mountSources(flag: string, instruction: Instruction, expand: (word: string) => Value): Found[] {
  let unset: readonly string[] = [];
  const mount = readMount(flag, (word, key) => {
    const { text, unknown } = expand(word);
    if (key === 'source' || key === 'src') unset = unknown;
    return text;
  });
  if (typeof mount === 'string') throw new DockerfileError(mount, startOf(instruction));
  if (mount.type !== 'bind' || mount.from !== undefined) return [];
  const source = cleaned(mount.source);
  const outside = outsideContext(mount.source);
  return [{ instruction: 'RUN', source, outside, parents: false, exclude: [], literal: true, unset }];
}

/** Go's path.Join("/", source), without the slash in front. */
function cleaned(source: string): string {
  return cleanPath(`/${source}`).slice(1) || '.';
}

function outsideContext(source: string): string | undefined {
  const path = cleanPath(source);
  return path === '..' || path.startsWith('../') ? path : undefined;
}
