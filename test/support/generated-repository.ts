import * as fc from 'fast-check';
import type { Files, side } from './snapshot.ts';

/** A small repository as data: what it is made of, rather than the text of its Dockerfiles. */
export interface GeneratedRepository {
  /** `i0`, `i1`, …; undefined for one that does not exist. Images need earlier ones only, so there is no cycle. */
  images: readonly (GeneratedImage | undefined)[];
  /** Files that belong to no image definition, by path; undefined for one that does not exist. */
  files: Readonly<Record<string, { content: string; executable: boolean } | undefined>>;
  /** The ignore file of the root, for images whose context it is. */
  rootIgnore: number;
  /** Whether the config has `references`, see `RULES`. */
  rules: boolean;
  /** What `values.json` holds below each key, in one of several forms; and the build arg that `args.env` sets. */
  values: { a: string; b: string; form: number; arg: string };
}

export interface GeneratedImage {
  bases: readonly Base[];
  /** Indexes into `SOURCES`. */
  sources: readonly number[];
  /** Index into `IGNORES`, for the context's `.dockerignore`; the Dockerfile's own, which wins. */
  ignore: number;
  ownIgnore: number;
  wholeRepository: boolean;
  unknownBase: boolean;
  declaresShared: boolean;
  /** Keys of `values.json` that are its inputs. */
  keys: readonly ('a' | 'b')[];
  /** Whether it takes the build arg of `args.env`. */
  takesShared: boolean;
  arg: string | undefined;
  template: string | undefined;
  command: string;
  layout: Layout;
  /** COPY $DIR, which is `conf` unless a variant says otherwise. */
  copiesDir: boolean;
  /** Index into `VARIANTS`, and what sets the first of them apart. */
  variants: number;
  dir: 'conf' | 'lib' | undefined;
  tag: '1' | '2' | undefined;
}

/** How the Dockerfile is written, which no build can tell. */
interface Layout {
  comment: string;
  /** Index into `WRITERS`. */
  writer: number;
  executable: boolean;
}

export interface Base {
  image: number;
  how: keyof typeof HOWS;
}

/**
 * How an image names image `n`, and the tag by which it does. `$TAG` is `1` unless a variant says otherwise; the last
 * two are external without rules.
 */
export const HOWS = {
  FROM: { text: (n: number) => `i${n}:1`, tag: '1' },
  'FROM tag': { text: (n: number) => `i${n}:$TAG`, tag: '$TAG' },
  'FROM registry': { text: (n: number) => `$CI_REGISTRY_IMAGE/i${n}`, tag: 'latest' },
  'FROM argument': { text: (n: number) => `\${PREFIX}${n}`, tag: 'latest' },
  COPY: { text: (n: number) => `i${n}`, tag: 'latest' },
  RUN: { text: (n: number) => `i${n}`, tag: 'latest' },
  'FROM alias': { text: (n: number) => `lts/i${n}`, tag: '1' },
  'FROM directory': { text: (n: number) => `tagged:i${n}`, tag: 'i0' },
} as const;

/** Bare names are ours only by rule where there are rules. */
const RULES = [
  { match: 'i{x}', directory: 'i{x}' },
  { regex: 'lts/i(?<x>[0-9])', directory: 'i{x}', aliases: { latest: '1' } },
  { match: 'tagged', tag: 'i{x}', directory: 'i{x}' },
];

/** Variants of an image with their tags; none at all is a plain image, which any tag means. */
export const VARIANTS: readonly (readonly { name: string; tags?: string[] }[])[] = [
  [],
  [],
  [{ name: '1' }, { name: 'latest' }],
  [{ name: 'a', tags: ['1', 'latest'] }, { name: '2' }],
  [{ name: 'a', tags: ['latest', '2'] }, { name: '1' }],
  [{ name: 'a', tags: ['latest', 'i0'] }],
];

/** Words of a COPY, each with its meaning spelled out by hand: which paths of the context it takes. */
export const SOURCES: readonly { word: string; takes: (path: string) => boolean }[] = [
  { word: '.', takes: () => true },
  { word: 'conf', takes: (path) => path.startsWith('conf/') },
  { word: './conf/', takes: (path) => path.startsWith('conf/') },
  { word: 'conf/a.txt', takes: (path) => path === 'conf/a.txt' },
  { word: '*.txt', takes: (path) => path.endsWith('.txt') && !path.includes('/') },
  { word: 'l*/*.sh', takes: (path) => /^l[^/]*\/[^/]*\.sh$/.test(path) },
  { word: 'i0', takes: (path) => path.startsWith('i0/') },
  { word: '*/conf', takes: (path) => /^[^/]+\/conf\//.test(path) },
  { word: '/shared/x', takes: (path) => path === 'shared/x' },
];

/** Ignore files, each with its meaning by Kaniko's rules; the first is no file at all. */
export const IGNORES: readonly { text: string | undefined; ignores: (path: string) => boolean }[] = [
  { text: undefined, ignores: () => false },
  { text: '', ignores: () => false },
  { text: '# nothing\n', ignores: () => false },
  { text: 'conf\n', ignores: (path) => path.startsWith('conf/') },
  { text: '/conf/\n', ignores: (path) => path.startsWith('conf/') },
  { text: '*.txt\n', ignores: (path) => path.endsWith('.txt') && !path.includes('/') },
  { text: '*\n!conf\n', ignores: (path) => !path.startsWith('conf/') },
  { text: '**/b.txt\n', ignores: (path) => path === 'b.txt' || path.endsWith('/b.txt') },
  { text: 'conf\n!conf/a.txt\n', ignores: (path) => path.startsWith('conf/') && path !== 'conf/a.txt' },
];

/** Ways to write down instructions of which the first word is the keyword. */
const WRITERS: readonly ((line: string) => string)[] = [
  (line) => `${line}\n`,
  (line) => `\n${line}\r\n \t\n`,
  (line) => `\t${line.replace(/^[A-Z]+/, (keyword) => keyword.toLowerCase())} \n`,
  (line) => `${line.replace(' ', ' \\\n  # why\n\n   ')}\n`,
  (line) => `# ${line}\n${line.startsWith('RUN') ? line : line.replaceAll(' ', '  ')}\n`,
];

const IMAGES = 4;

const PATHS = [
  ...['i0', 'i1', 'i2', 'i3'].flatMap((directory) => [
    `${directory}/conf/a.txt`,
    `${directory}/conf/b.txt`,
    `${directory}/b.txt`,
    `${directory}/lib/run.sh`,
    `${directory}/.gitlab-ci.yml`,
  ]),
  'conf/a.txt',
  'shared/x',
  'shared/y',
  'README\n\udc80',
];

/** `count` states of one repository, each made from the one before by changing some of its parts. */
export function historyOf<Count extends 1 | 2 | 3>(count: Count): fc.Arbitrary<History[Count]> {
  const later = fc.array(
    fc.tuple(repository, fc.array(fc.nat(4 * IMAGES + PATHS.length), { maxLength: 3 })),
    {
      minLength: count - 1,
      maxLength: count - 1,
    },
  );
  return fc.tuple(repository, later).map(([first, steps]) => {
    const states = [first];
    for (const [other, parts] of steps) {
      const last = states.at(-1) as GeneratedRepository;
      states.push(parts.reduce((state, part) => withPart(state, other, part), last));
    }
    return states as unknown as History[Count];
  });
}

interface History {
  1: [GeneratedRepository];
  2: [GeneratedRepository, GeneratedRepository];
  3: [GeneratedRepository, GeneratedRepository, GeneratedRepository];
}

/** The repository with one of its images, layouts, commands, ignore files or other files as the other has it. */
function withPart(state: GeneratedRepository, other: GeneratedRepository, part: number): GeneratedRepository {
  const index = part % IMAGES;
  const [image, another] = [state.images[index], other.images[index]];
  if (part < IMAGES) return { ...state, images: state.images.with(index, another) };
  if (part < 2 * IMAGES) {
    if (!image || !another) return { ...state, rootIgnore: other.rootIgnore };
    const { ignore, ownIgnore } = another;
    return { ...state, images: state.images.with(index, { ...image, ignore, ownIgnore }) };
  }
  if (part < 4 * IMAGES) {
    if (!image || !another) return state;
    const { layout, command } = another;
    const changed = part < 3 * IMAGES ? { layout } : { command };
    return { ...state, images: state.images.with(index, { ...image, ...changed }) };
  }
  if (part === 4 * IMAGES + PATHS.length) return { ...state, values: other.values };
  const path = PATHS[part % PATHS.length] as string;
  return { ...state, files: { ...state.files, [path]: other.files[path] } };
}

export function filesOf({ images, files, rootIgnore, values }: GeneratedRepository): Files {
  const all: Record<string, Files[string]> = {};
  for (const [path, file] of Object.entries(files)) {
    if (file) all[path] = file.executable ? { executable: file.content } : file.content;
  }
  const put = (path: string, file: Files[string] | undefined) => {
    if (file !== undefined) all[path] = file;
  };
  const { a, b, form } = values;
  put('values.json', JSON.stringify(form === 1 ? { b, a: { x: a } } : { a: { x: a }, b }, undefined, form));
  put('args.env', `# ${form}\nSHARED=${form === 2 ? `"${values.arg}"` : values.arg}\n`);
  put('.dockerignore', IGNORES[rootIgnore]?.text);
  for (const [index, image] of images.entries()) {
    if (!image) continue;
    const { comment, writer, executable } = image.layout;
    const write = WRITERS[writer] as (typeof WRITERS)[number];
    const text = `${instructionsOf(image).map(write).join('')}# ${comment}\n`;
    put(`i${index}/Dockerfile`, executable ? { executable: text } : text);
    put(`i${index}/.dockerignore`, IGNORES[image.ignore]?.text);
    put(`i${index}/Dockerfile.dockerignore`, IGNORES[image.ownIgnore]?.text);
  }
  return all;
}

export function settingsOf({ images, rules }: GeneratedRepository): NonNullable<Parameters<typeof side>[1]> {
  const settings = images.flatMap((image, index) =>
    image
      ? [
          [
            `i${index}`,
            {
              ...(image.wholeRepository ? { context: '.' } : {}),
              ...(image.arg === undefined ? {} : { args: { SETTING: image.arg } }),
              ...(image.template === undefined ? {} : { template: image.template }),
              inputs: inputsOf(image),
              variants: variantsOf(image),
            },
          ] as const,
        ]
      : [],
  );
  return {
    argsFile: 'args.env',
    images: Object.fromEntries(settings),
    ...(rules ? { references: RULES } : {}),
  };
}

function inputsOf({
  declaresShared,
  keys,
}: GeneratedImage): (string | { paths: string[]; keys: string[] })[] {
  return [
    ...(declaresShared ? ['shared/*'] : []),
    ...(keys.length > 0 ? [{ paths: ['*.json'], keys: [...keys] }] : []),
  ];
}

function variantsOf({ variants, dir, tag }: GeneratedImage) {
  const own = { ...(dir ? { DIR: dir } : {}), ...(tag ? { TAG: tag } : {}) };
  return Object.fromEntries(
    (VARIANTS[variants] ?? []).map(({ name, tags }, index) => [
      name,
      { ...(index === 0 ? { args: own } : {}), ...(tags ? { tags } : {}) },
    ]),
  );
}

/** The image's Dockerfile without its layout. */
export function instructionsOf({
  bases,
  sources,
  unknownBase,
  takesShared,
  copiesDir,
  command,
}: GeneratedImage): string[] {
  const from = bases.filter(({ how }) => how.startsWith('FROM'));
  const lines = from.map(({ image, how }) => `FROM ${HOWS[how].text(image)}`);
  if (unknownBase) lines.push('FROM $UNKNOWN');
  lines.push('FROM scratch');
  for (const index of lines.slice(0, -1).keys()) lines.push(`COPY --from=${index} / /`);
  for (const { image, how } of bases) {
    if (how === 'COPY') lines.push(`COPY --from=i${image} /x /x`);
    if (how === 'RUN') lines.push(`RUN --mount=type=bind,from=i${image},target=/x true`);
  }
  if (copiesDir) lines.push('ARG DIR=conf', 'COPY $DIR /to/');
  for (const source of sources) lines.push(`COPY ${SOURCES[source]?.word} /to/`);
  const registry = `ARG CI_REGISTRY_IMAGE${takesShared ? ' SHARED' : ''}`;
  return [registry, 'ARG UNKNOWN', 'ARG TAG=1', 'ARG PREFIX=i', ...lines, command];
}

const sometimes = <T>(value: fc.Arbitrary<T>, weight: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight, arbitrary: value }, { weight: 1, arbitrary: fc.constant(undefined) });

const seldom = fc.nat(7).map((value) => value === 0);

function imageAt(index: number): fc.Arbitrary<GeneratedImage> {
  const how = fc.constantFrom(...(Object.keys(HOWS) as Base['how'][]));
  const bases = fc.uniqueArray(fc.record({ image: fc.nat(Math.max(0, index - 1)), how }), {
    selector: ({ image }) => image,
    maxLength: index === 0 ? 0 : 2,
  });
  return fc.record({
    bases,
    sources: fc.uniqueArray(fc.nat(SOURCES.length - 1), { maxLength: 3 }),
    ignore: fc.nat(IGNORES.length - 1),
    ownIgnore: fc.nat(3 * IGNORES.length).map((value) => (value < IGNORES.length ? value : 0)),
    wholeRepository: seldom,
    unknownBase: fc.nat(20).map((value) => value === 0),
    declaresShared: seldom,
    keys: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.subarray(['a' as const, 'b' as const]) },
    ),
    takesShared: seldom,
    arg: fc.constantFrom(undefined, undefined, '1', '2'),
    template: fc.constantFrom(undefined, undefined, undefined, '.other'),
    command: fc.constantFrom('RUN a b', 'RUN a  b', 'RUN a\tb', 'RUN ["a", "b"]', 'USER a'),
    layout: fc.record({
      comment: fc.constantFrom('one', 'two'),
      writer: fc.nat(WRITERS.length - 1),
      executable: seldom,
    }),
    copiesDir: seldom,
    variants: fc.nat(VARIANTS.length - 1),
    dir: fc.constantFrom(undefined, 'conf', 'lib'),
    tag: fc.constantFrom(undefined, '1', '2'),
  });
}

const repository: fc.Arbitrary<GeneratedRepository> = fc.record({
  images: fc.tuple(...Array.from({ length: IMAGES }, (_, index) => sometimes(imageAt(index), 6))),
  files: fc.record(
    Object.fromEntries(
      PATHS.map((path) => [
        path,
        sometimes(fc.record({ content: fc.constantFrom('1', '2'), executable: seldom }), 3),
      ]),
    ),
  ),
  rootIgnore: fc.nat(IGNORES.length - 1),
  rules: fc.boolean(),
  values: fc.record({
    a: fc.constantFrom('1', '2'),
    b: fc.constantFrom('1', '2'),
    form: fc.nat(2),
    arg: fc.constantFrom('1', '2'),
  }),
});
