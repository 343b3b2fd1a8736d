import type { FileSpec } from './repository.ts';

/** A small repository that a builder without a network can build: all images begin at `FROM scratch`. */
export interface BuildableRepository {
  /** By place in `DIRECTORIES`; undefined for one that does not exist. Images need earlier ones only. */
  images: readonly (BuildableImage | undefined)[];
  /** By path. */
  files: Readonly<Record<string, FileSpec | undefined>>;
  /** Ignore files, by path: what they keep out is the builder's business. */
  ignoreFiles: Readonly<Record<string, string | undefined>>;
}

export interface BuildableImage {
  /** The last is built unless `target` says otherwise. */
  stages: readonly BuildableStage[];
  target: boolean;
  /** Relative to the repository root; undefined for the image's own directory. */
  context: string | undefined;
  /** Index into `VARIANTS`. */
  variants: number;
  args: Readonly<Record<string, string>>;
  layout: { comment: string; writer: number; executable: boolean };
}

export interface BuildableStage {
  /** Index into the references that an image at its place may begin at. */
  base: number;
  /** Of these, `COPY --from=N` stands for the Nth of the earlier stages and images, if there is one. */
  lines: readonly string[];
}

/** One build of an image: the Dockerfile is built once for each variant. */
export interface Build {
  /** As the command line names it. */
  name: string;
  directory: string;
  context: string;
  target: string | undefined;
  args: Readonly<Record<string, string>>;
  /** What references to the image find it by. */
  references: readonly string[];
}

/** Base images first. One lies within another, and so in its context. */
export const DIRECTORIES = ['i0', 'i1', 'i0/sub'] as const;

const TAGS = ['latest', '1', '2'];

/** Together they have every tag, so that each reference finds one of them; none at all is a plain image. */
export const VARIANTS: readonly (readonly {
  name: string;
  tags: string[];
  args: Record<string, string>;
}[])[] = [
  [],
  [],
  [],
  [],
  [],
  [
    { name: 'a', tags: ['latest', '1'], args: {} },
    { name: 'b', tags: ['2'], args: { DIR: 'lib' } },
  ],
  [
    { name: 'a', tags: ['2'], args: { NAME: 'a' } },
    { name: 'b', tags: ['1', 'latest'], args: {} },
  ],
];

/** Ways to write down instructions, which no build can tell. */
export const WRITERS: readonly ((line: string) => string)[] = [
  (line) => `${line}\n`,
  (line) => `\n${line}\r\n \t\n`,
  (line) => `\t${line.replace(/^[A-Z]+/, (keyword) => keyword.toLowerCase())} \n`,
  (line) => `${line.replace(' ', ' \\\n  # why\n   ')}\n`,
  (line) => `# ${line}\n${line}\n`,
];

/** Every file of the repository but its config. */
export function buildableFiles(repository: BuildableRepository): Record<string, FileSpec> {
  const all: Record<string, FileSpec> = {};
  for (const [path, file] of [
    ...Object.entries(repository.files),
    ...Object.entries(repository.ignoreFiles),
  ]) {
    if (file !== undefined) all[path] = file;
  }
  for (const [place, image] of repository.images.entries()) {
    if (!image) continue;
    const { comment, executable } = image.layout;
    const content = `${linesOf(image, place).map(writerOf(image)).join('')}# ${comment}\n`;
    all[`${DIRECTORIES[place]}/Dockerfile`] = { content, mode: executable ? '100755' : '100644' };
  }
  return all;
}

/** The `affected.yml` that says what `buildsOf` does. */
export function buildableSettings({ images }: BuildableRepository): unknown {
  const settings = images.flatMap((image, place) => {
    if (!image) return [];
    const { context, args, stages } = image;
    const variants = (VARIANTS[image.variants] ?? []).map(({ name, ...variant }) => [name, variant] as const);
    return [
      [
        DIRECTORIES[place] as string,
        {
          args,
          ...(context === undefined ? {} : { context }),
          ...(image.target && stages.length > 1 ? { target: 's0' } : {}),
          variants: Object.fromEntries(variants),
        },
      ] as const,
    ];
  });
  return { registry: 'localhost', dockerignore: 'docker', images: Object.fromEntries(settings) };
}

/** All builds of the repository, base images first. */
export function buildsOf({ images }: BuildableRepository): Build[] {
  return images.flatMap((image, place) => {
    if (!image) return [];
    const directory = DIRECTORIES[place] as string;
    const plain = { name: undefined, tags: TAGS, args: {} };
    const variants = VARIANTS[image.variants] ?? [];
    return (variants.length === 0 ? [plain] : variants).map(({ name, tags, args }) => ({
      name: name === undefined ? directory : `${directory}:${name}`,
      directory,
      context: image.context ?? directory,
      target: image.target && image.stages.length > 1 ? 's0' : undefined,
      args: { ...image.args, ...args },
      references: tags.map((tag) => `localhost/${directory}:${tag}`),
    }));
  });
}

function linesOf({ stages }: BuildableImage, place: number): string[] {
  const lines = stages.flatMap(({ base, lines: own }, stage) => {
    const references = basesAt(place, stage);
    const takers = own.map((line) => resolveTake(line, place, stage));
    return [`FROM ${references[base % references.length]} AS s${stage}`, 'ARG DIR=conf', ...takers];
  });
  return ['ARG BASE=i0', ...lines];
}

function resolveTake(line: string, place: number, stage: number): string {
  const [, number, rest] = /^COPY --from=(\d+) (.*)$/.exec(line) ?? [];
  if (number === undefined) return line;
  const earlier = [
    ...Array.from({ length: stage }, (_, index) => (index % 2 === 0 ? `s${index}` : `${index}`)),
    ...DIRECTORIES.slice(0, place),
  ];
  return earlier.length === 0
    ? 'LABEL takes=nothing'
    : `COPY --from=${earlier[Number(number) % earlier.length]} ${rest}`;
}

function basesAt(place: number, stage: number): string[] {
  const images = DIRECTORIES.slice(0, place).flatMap((name) => [
    name,
    `${name}:1`,
    `${name}:2`,
    `localhost/${name}`,
  ]);
  const stages = Array.from({ length: stage }, (_, index) => `s${index}`);
  return ['scratch', ...stages, ...stages, ...images, ...(place > 0 ? ['$BASE', '${BASE:-scratch}'] : [])];
}

function writerOf({ layout }: BuildableImage): (line: string) => string {
  return WRITERS[layout.writer] as (line: string) => string;
}
