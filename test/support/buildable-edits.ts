import * as fc from 'fast-check';
import { buildableStages } from './buildable-lines.ts';
import {
  type BuildableImage,
  type BuildableRepository,
  type BuildableStage,
  buildsOf,
  DIRECTORIES,
  VARIANTS,
  WRITERS,
} from './buildable-repository.ts';
import type { FileSpec } from './repository.ts';

/** A repository, and the same after one edit: a file, an ignore file, a line, a stage, a setting, an image. */
export function edited(): fc.Arbitrary<readonly [BuildableRepository, BuildableRepository]> {
  return fc
    .tuple(repository(), repository(), fc.nat(1_000_000), fc.nat(1_000_000))
    .map(([before, other, kind, place]) => [before, withEdit(before, other, { kind, place })]);
}

const CONTEXTS = [undefined, undefined, undefined, undefined, undefined, '.', 'i0', 'shared'];

/** Most leave something for each source: a build that fails on both sides shows nothing. */
const IGNORES = [
  ...['', '# nothing\n', 'conf/b.txt\n', '/conf/\n!conf/a.txt\n', 'conf/*\n!conf/a.txt\n', '**/deep\n'],
  ...['top.txt\n', '*\n!conf\n!l*\n!*.txt\n!dirlink\n', 'Dockerfile\n**/Dockerfile\n.dockerignore\n'],
  ...['conf/deep/c.txt\n', '**/c.txt\n', 'one/two/three.txt\n', 'one/**\n', '**/*.txt\n!**/a.txt\n!a*\n'],
  ...['i0/conf\ni1\n', 'conf\n', '*.txt\n'],
];

const PLACES = ['i0', 'i1', 'i0/sub', 'shared', '.'];

const texts = fc.constantFrom<FileSpec[]>('1', '2', '', { content: '1', mode: '100755' });
const linksTo = (...targets: string[]) =>
  fc.constantFrom(...targets.map((symlink): FileSpec => ({ symlink })));
const textsOrLinksTo = (...targets: string[]) => fc.oneof(texts, linksTo(...targets));

/** Files of every context, each with how often of ten times it is there, and what it may be. */
const FILES: Readonly<Record<string, { often: number; kind: fc.Arbitrary<FileSpec> }>> = {
  'conf/a.txt': { often: 10, kind: texts },
  'conf/b.txt': { often: 10, kind: textsOrLinksTo('a.txt', '../lib/run.sh') },
  'conf/deep/c.txt': { often: 10, kind: texts },
  'lib/run.sh': { often: 10, kind: texts },
  'lib/a.txt': { often: 10, kind: texts },
  'lib/b.txt': { often: 10, kind: textsOrLinksTo('a.txt', '../conf/b.txt') },
  'lib/deep/c.txt': { often: 5, kind: texts },
  'top.txt': { often: 9, kind: texts },
  'a b.txt': { often: 10, kind: texts },
  link: { often: 10, kind: textsOrLinksTo('top.txt', 'conf', 'conf/a.txt', './lib/../lib/run.sh') },
  dirlink: { often: 10, kind: linksTo('conf', 'lib', './conf/deep/..') },
  'one/two/three.txt': { often: 5, kind: texts },
  // Nothing copies it by name, which would fail where it leads nowhere.
  'one/link': { often: 5, kind: textsOrLinksTo('none', 'two', '../conf/a.txt') },
};

const PATHS = PLACES.flatMap((place) =>
  Object.entries(FILES).map(([name, file]) => [place === '.' ? name : `${place}/${name}`, file] as const),
);

const IGNORE_FILES = [
  ...PLACES.map((place) => (place === '.' ? '.dockerignore' : `${place}/.dockerignore`)),
  ...DIRECTORIES.map((directory) => `${directory}/Dockerfile.dockerignore`),
];

function withEdit(
  before: BuildableRepository,
  other: BuildableRepository,
  { kind, place }: { kind: number; place: number },
): BuildableRepository {
  const pick = <T>(list: readonly T[]): T => list[place % list.length] as T;
  const contexts = buildsOf(before).map(({ context }) => (context === '.' ? '' : `${context}/`));
  const edits: (() => BuildableRepository)[] = [
    ...Array.from({ length: 5 }, () => () => {
      const [path] = pick(PATHS.filter(([file]) => contexts.some((context) => file.startsWith(context))));
      const file = other.files[path];
      const changed = JSON.stringify(file) === JSON.stringify(before.files[path]) ? undefined : file;
      return { ...before, files: { ...before.files, [path]: changed } };
    }),
    ...Array.from({ length: 2 }, () => () => {
      const path = pick(IGNORE_FILES.filter((file) => contexts.some((context) => file.startsWith(context))));
      const file = pick(Object.values(other.ignoreFiles).filter((text) => text !== undefined));
      const changed = place % 3 === 0 ? undefined : file;
      return { ...before, ignoreFiles: { ...before.ignoreFiles, [path]: changed } };
    }),
    () => {
      const index = place % DIRECTORIES.length;
      return { ...before, images: before.images.with(index, other.images[index]) };
    },
    ...Array.from({ length: 3 }, () => () => withImageEdit(before, other, place)),
  ];
  return (edits[kind % edits.length] as () => BuildableRepository)();
}

function withImageEdit(
  before: BuildableRepository,
  other: BuildableRepository,
  place: number,
): BuildableRepository {
  const index = place % DIRECTORIES.length;
  const [image, another] = [before.images[index], other.images[index]];
  if (!image || !another) return before;
  const at = Math.floor(place / DIRECTORIES.length);
  const stage = at % image.stages.length;
  const own = image.stages[stage] as BuildableStage;
  const from = another.stages[stage % another.stages.length] as BuildableStage;
  const withStage = (changed: BuildableStage) => ({ ...image, stages: image.stages.with(stage, changed) });
  const line = at % (own.lines.length + 1);
  const edits: (() => BuildableImage)[] = [
    () => withStage({ ...own, lines: own.lines.toSpliced(line, 1) }),
    () => withStage({ ...own, lines: own.lines.toSpliced(line, 0, ...from.lines.slice(-1)) }),
    () => withStage({ ...own, lines: own.lines.toSpliced(line, 1, ...from.lines.slice(-1)) }),
    () => withStage({ ...own, base: from.base }),
    () => ({ ...image, stages: another.stages }),
    () => ({ ...image, layout: another.layout }),
    () => ({ ...image, context: another.context }),
    () => ({ ...image, target: another.target }),
    () => ({ ...image, variants: another.variants }),
    () => ({ ...image, args: another.args }),
  ];
  const edit = edits[Math.floor(at / 7) % edits.length] as () => BuildableImage;
  return { ...before, images: before.images.with(index, edit()) };
}

function repository(): fc.Arbitrary<BuildableRepository> {
  const sometimes = <T>(value: fc.Arbitrary<T>, often: number): fc.Arbitrary<T | undefined> =>
    fc.oneof({ weight: often, arbitrary: value }, { weight: 10 - often, arbitrary: fc.constant(undefined) });
  return fc.record({
    images: fc.tuple(...DIRECTORIES.map((_, place) => sometimes(anyImage(), place === 0 ? 10 : 9))),
    files: fc.record(
      Object.fromEntries(PATHS.map(([path, { often, kind }]) => [path, sometimes(kind, often)])),
    ),
    ignoreFiles: fc.record(
      Object.fromEntries(IGNORE_FILES.map((path) => [path, sometimes(fc.constantFrom(...IGNORES), 4)])),
    ),
  });
}

function anyImage(): fc.Arbitrary<BuildableImage> {
  return fc.record({
    stages: buildableStages(),
    target: fc.nat(3).map((value) => value === 0),
    context: fc.constantFrom(...CONTEXTS),
    variants: fc.nat(VARIANTS.length - 1),
    args: fc.constantFrom<Record<string, string>[]>(
      {},
      {},
      { NAME: 'set' },
      { DIR: 'lib' },
      { BASE: 'scratch' },
    ),
    layout: fc.record({
      comment: fc.constantFrom('one', 'two'),
      writer: fc.nat(WRITERS.length - 1),
      executable: fc.boolean(),
    }),
  });
}
