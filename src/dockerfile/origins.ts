import { DockerfileError, type Flag, type Instruction } from './instruction.ts';
import { positionAt } from './logical-lines.ts';
import { mountOptions, type MountOption } from './mounts.ts';
import { SCRATCH } from './base.ts';
import { stageNamed, type Stage } from './stages.ts';
import { expandWord, unlessRefused } from './words.ts';

/** Where a COPY or a mount takes files from, when that is not the build context. */
export interface Origin {
  stage: Stage | undefined;
  /** The image, when it is no stage and not `scratch`. */
  image: string | undefined;
  /** As written, and where. */
  word: string;
  line: number;
  column: number;
}

export interface Surroundings {
  stages: readonly Stage[];
  /** Index of the stage the instruction runs in. */
  index: number;
  escape: string;
}

/** Every origin of an instruction, before anything is expanded: what the stage it runs in needs. */
export function originsOf(instruction: Instruction, surroundings: Surroundings): Origin[] {
  if (instruction.keyword === 'COPY') return [copyOrigin(instruction, surroundings) ?? []].flat();
  if (instruction.keyword !== 'RUN') return [];
  return mountFlags(instruction).flatMap((flag) => {
    const options = mountOptions(flag.value ?? '') ?? [];
    const lastOf = (wanted: string): MountOption | undefined =>
      options.findLast(({ key, value }) => key === wanted && value !== undefined);
    // A mount names a stage by its name only.
    const from = lastOf('from');
    if (!from?.value || /^(?:tmpfs|ssh)$/i.test(lastOf('type')?.value ?? '')) return [];
    const [first, last] = [flag.offsets[from.first], flag.offsets[from.last]] as [number, number];
    return [origin(from.value, placeOf(instruction, first, last), surroundings)];
  });
}

/**
 * What `COPY --from` names: an earlier stage by index or name, else an image, as Kaniko has it where BuildKit refuses
 * a stage that comes later. Undefined for the build context. Variables are refused (dockerfile2llb, toCommand).
 */
function copyOrigin(copy: Instruction, surroundings: Surroundings): Origin | undefined {
  const flag = copy.flags.find(({ name }) => name === 'from');
  if (!flag?.value) return undefined;
  const { value } = flag;
  const place = placeOf(copy, flag.offsets[0] as number, flag.offsets.at(-1) as number);
  const { escape } = surroundings;
  const text = unlessRefused(() => expandWord(value, { escape, lookup: () => undefined }).text, '');
  if (text !== value) {
    const remedy = 'define a new stage with FROM using ARG from global scope as a workaround';
    throw new DockerfileError(`variable expansion is not supported for --from, ${remedy}`, place);
  }
  const stage = /^[+-]?\d+$/.test(value)
    ? surroundings.stages.slice(0, surroundings.index)[Number(value)]
    : undefined;
  return stage === undefined ? origin(value, place, surroundings) : { stage, image: undefined, ...place };
}

export function mountFlags(run: Instruction): Flag[] {
  return run.flags.filter(({ name }) => name === 'mount');
}

function origin(name: string, place: ReturnType<typeof placeOf>, surroundings: Surroundings): Origin {
  const stage = stageNamed(surroundings.stages, name, surroundings.index);
  return { stage, image: stage === undefined && name !== SCRATCH ? name : undefined, ...place };
}

/** The stretch of the source from one character to another. */
function placeOf(
  { source }: Instruction,
  first: number,
  last: number,
): Pick<Origin, 'word' | 'line' | 'column'> {
  return { word: source.text.slice(first, last + 1), ...positionAt(source, first) };
}
