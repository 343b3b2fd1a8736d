import { compileSource, type CopySource } from '../dockerfile/copy-source.ts';
import type { ContextSource } from '../dockerfile/evaluate.ts';
import { type IgnorePattern, type IgnoreRules, isIgnored } from '../dockerfile/ignore-file.ts';
import { compileGlobs } from './globs.ts';
import type { Image } from './image.ts';
import { type KeyedInput, keyedUses } from './keyed-inputs.ts';
import { findLinkedSources, type LinkedSources } from './linked-sources.ts';
import { followLinks } from './links.ts';
import { joinPath, relativeTo, resolvePath } from './paths.ts';
import type { Snapshot } from './snapshot.ts';

/** What of the repository can change an image, as questions to ask of a path rather than a list of files. */
export interface ImageInputs {
  /** The Dockerfile and the symbolic links that lead to it. */
  dockerfile: readonly string[];
  ignoreFile: IgnoreFile | undefined;
  /** Whose idea of an ignored path counts, and of `--exclude`: Kaniko copies what that flag excludes. */
  rules: IgnoreRules;
  /** Where the build context really is, links followed. */
  context: string;
  sources: readonly SelectedSource[];
  declared: readonly { glob: string; matches: (path: string) => boolean }[];
  keyed: readonly KeyedInput[];
  /** The image's own CI jobs, whether or not the file exists. At the repository's root that file is the project's. */
  ciFile: string | undefined;
}

export interface IgnoreFile {
  path: string;
  /** The path, and where it leads as a symbolic link: each decides what the text is. */
  files: readonly string[];
  text: string;
  patterns: readonly IgnorePattern[];
}

/** What a source selects, asked with a path relative to the context. */
interface Selection {
  matches: (relativePath: string) => boolean;
  /** Whether the source may name something at or below a path whose content git does not have. */
  mayLieIn: (relativePath: string) => boolean;
}

interface SelectedSource extends Selection {
  instruction: ContextSource['instruction'];
  source: string;
  line: number;
  linked: LinkedSources | undefined;
  /** What the source selects when it leaves the build context, where the builder lets it. */
  outside: (Selection & { base: string }) | undefined;
}

/** Which rule of an image makes a path its input. */
export type InputRule =
  | { kind: 'dockerfile' }
  | { kind: 'source'; instruction: ContextSource['instruction']; source: string; line: number; link?: string }
  /** `keys` are patterns; in a reason the keys that changed. */
  | { kind: 'declared-input'; glob: string; keys?: readonly string[]; moreKeys?: number }
  | { kind: 'ci-file' };

export function imageInputs(options: {
  snapshot: Snapshot;
  image: Image;
  context: string;
  sources: readonly ContextSource[];
  ignoreFile: IgnoreFile | undefined;
  rules: IgnoreRules;
  links: readonly string[];
  keyed: readonly KeyedInput[];
}): ImageInputs {
  const { snapshot, image, context, links, rules } = options;
  const dockerfile = followLinks(snapshot, image.dockerfile);
  return {
    dockerfile: [...new Set([image.dockerfile, ...dockerfile.links, dockerfile.path ?? image.dockerfile])],
    ignoreFile: options.ignoreFile,
    rules,
    context,
    sources: options.sources.map((source) => selectedSource({ snapshot, context, source, rules, links })),
    declared: image.inputs.map((glob) => ({ glob, matches: compileGlobs([glob]) })),
    keyed: options.keyed,
    ciFile: image.directory === '' ? undefined : joinPath(image.directory, '.gitlab-ci.yml'),
  };
}

function selectedSource(options: {
  snapshot: Snapshot;
  context: string;
  source: ContextSource;
  rules: IgnoreRules;
  links: readonly string[];
}): SelectedSource {
  const { snapshot, links } = options;
  // What an unknown variable names may be anything below the context.
  const source = options.source.unset.length === 0 ? options.source : { ...options.source, source: '.' };
  return {
    instruction: source.instruction,
    source: options.source.outside ?? options.source.source,
    line: source.line,
    ...select(options.rules === 'docker' ? source : { ...source, exclude: [] }),
    linked:
      links.length === 0
        ? undefined
        : findLinkedSources({
            snapshot,
            links,
            base: options.context,
            source: source.source,
            literal: source.literal,
          }),
    outside: options.rules === 'docker' ? undefined : outsideContext(options.context, source),
  };
}

function select(source: CopySource): Selection {
  return {
    matches: compileSource(source),
    mayLieIn(path) {
      const segments = source.source.split('/').slice(0, path.split('/').length);
      return compileSource({ ...source, source: segments.join('/'), parents: false, exclude: [] })(path);
    },
  };
}

/**
 * `COPY ../shared/x`: Kaniko joins the path to the context's directory and finds it in the checkout (pkg/util
 * ResolveSources, pkg/commands/copy.go); BuildKit never leaves the context.
 */
function outsideContext(context: string, source: ContextSource): SelectedSource['outside'] {
  const [, up = '', rest = ''] = /^((?:\.\.\/?)+)(.*)$/.exec(source.outside ?? '') ?? [];
  const base = up === '' ? undefined : resolvePath(context, up);
  if (base === undefined) return undefined;
  const { literal } = source;
  return { base, ...select({ source: rest || '.', parents: false, exclude: [], literal }) };
}

/** The first rule by which `path` is an input of the image, or undefined when it can't change the image. */
export function inputRule(inputs: ImageInputs, path: string): InputRule | undefined {
  if (inputs.dockerfile.includes(path)) return { kind: 'dockerfile' };
  const source = inputs.sources.length === 0 ? undefined : sourceRule(inputs, path);
  if (source) return source;
  const declared = inputs.declared.find(({ matches }) => matches(path));
  if (declared) return { kind: 'declared-input', glob: declared.glob };
  if (path === inputs.ciFile) return { kind: 'ci-file' };
  const uses = keyedUses(inputs.keyed, path);
  const [first] = uses;
  if (first === undefined) return undefined;
  const keys = new Set(uses.flatMap(({ input }) => input.keys.map(({ pattern }) => pattern)));
  return { kind: 'declared-input', glob: first.input.glob, keys: [...keys] };
}

/** The COPY, ADD or RUN --mount that takes `path` from the build context, unless the ignore file keeps it out. */
export function sourceRule(inputs: ImageInputs, path: string): InputRule | undefined {
  const relative = relativeTo(inputs.context, path);
  for (const { instruction, source, line, matches, linked, outside } of inputs.sources) {
    if (relative !== undefined && matches(relative) && !ignored(inputs, relative)) {
      return { kind: 'source', instruction, source, line };
    }
    const above = outside && relativeTo(outside.base, path);
    if (above !== undefined && outside?.matches(above)) return { kind: 'source', instruction, source, line };
    const link = linked && throughLink(linked, path);
    if (link !== undefined) return { kind: 'source', instruction, source, line, link };
  }
  return undefined;
}

/** The link that is `path`, or through which a source reaches it. */
function throughLink({ links, targets }: LinkedSources, path: string): string | undefined {
  if (links.includes(path)) return path;
  return targets.find(({ base, matches }) => {
    const below = path === base ? '' : relativeTo(base, path);
    return below !== undefined && matches(below);
  })?.link;
}

function ignored({ ignoreFile, rules }: ImageInputs, relativePath: string): boolean {
  return ignoreFile !== undefined && isIgnored(ignoreFile.patterns, relativePath, rules);
}
