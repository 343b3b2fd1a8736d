import type { ContextSource } from '../dockerfile/evaluate.ts';
import { type IgnoreLine, type IgnoreRules, isIgnored } from '../dockerfile/ignore-file.ts';
import { type DeclaredGlob, declares } from './declared-globs.ts';
import { type KeyedInput, keyedUses } from './keyed-inputs.ts';
import type { LinkedSources } from './linked-sources.ts';
import { relativeTo } from './paths.ts';

/** What of the repository can change an image, as questions to ask of a path rather than a list of files. */
export interface ImageInputs {
  /** The Dockerfile and the symbolic links that lead to it. */
  dockerfile: readonly string[];
  /** What the builder reads there; undefined when that is not known. */
  readonly dockerfileText: string | undefined;
  ignoreFile: IgnoreFile | undefined;
  /** Whose idea of an ignored path counts, and of `--exclude`: Kaniko copies what that flag excludes. */
  rules: IgnoreRules;
  /** Where the build context really is, links followed. */
  context: string;
  /** The symbolic links that lead there. */
  contextLinks: readonly string[];
  /** Made the first time they are asked for: most images are never looked at so closely. */
  readonly sources: readonly SelectedSource[];
  /** Where the sources lie: each selects something at or below one of these directories, or is one of these links. */
  readonly reach: { directories: readonly string[]; links: readonly string[] };
  declared: readonly DeclaredGlob[];
  keyed: readonly KeyedInput[];
  /** The image's own CI jobs, whether or not the file exists. At the repository's root that file is the project's. */
  ciFile: string | undefined;
  /** What its structure must be, whether or not the file exists. */
  structureTest: string;
  /** The same image's with another ignore file. */
  withIgnoreFile: (ignoreFile: IgnoreFile | undefined) => ImageInputs;
}

export interface IgnoreFile {
  path: string;
  /** The path, and where it leads as a symbolic link: each decides what the text is. */
  files: readonly string[];
  /** Undefined where it rules no path that anybody asks for; it has no patterns then. */
  text: string | undefined;
  readonly patterns: readonly IgnoreLine[];
}

/** What a source selects, asked with a path relative to the context. */
export interface Selection {
  matches: (relativePath: string) => boolean;
  /** Whether the source may name something at or below a path whose content git does not have. */
  mayLieIn: (relativePath: string) => boolean;
}

export interface SelectedSource extends Selection {
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
  | SourceRule
  /** `keys` are patterns; in a reason the keys that changed. */
  | { kind: 'declared-input'; glob: string; keys?: readonly string[]; moreKeys?: number }
  | { kind: 'ci-file' };

export interface SourceRule {
  kind: 'source';
  instruction: ContextSource['instruction'];
  source: string;
  line: number;
  link?: string;
  /** What it takes is not the path, but this directory, which the path alone makes exist. */
  directory?: string;
}

/** The first rule by which `path` is an input of the image, or undefined when it can't change the image. */
export function inputRule(inputs: ImageInputs, path: string): InputRule | undefined {
  return inputs.dockerfile.includes(path) ? { kind: 'dockerfile' } : otherRule(inputs, path);
}

/** The first rule by which `path` is an input of the image other than as its Dockerfile. */
export function otherRule(inputs: ImageInputs, path: string): InputRule | undefined {
  const source = inputs.sources.length === 0 ? undefined : sourceRule(inputs, path);
  if (source) return source;
  const declared = inputs.declared.find((glob) => declares(glob, path));
  if (declared) return { kind: 'declared-input', glob: declared.glob };
  if (path === inputs.ciFile || path === inputs.structureTest) return { kind: 'ci-file' };
  const uses = keyedUses(inputs.keyed, path);
  const [first] = uses;
  if (first === undefined) return undefined;
  const keys = new Set(uses.flatMap(({ input }) => input.keys.map(({ pattern }) => pattern)));
  return { kind: 'declared-input', glob: first.input.glob, keys: [...keys] };
}

/** The COPY, ADD or RUN --mount that takes `path` from the build context, unless the ignore file keeps it out. */
export function sourceRule(inputs: ImageInputs, path: string): SourceRule | undefined {
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

/** Whether a source takes `path` into the image where it is not ignored, be it through a link. */
export function isTaken(inputs: ImageInputs, path: string): boolean {
  const rule = sourceRule(inputs, path);
  const relative = relativeTo(inputs.context, path);
  return (
    rule !== undefined && !(rule.link !== undefined && relative !== undefined && ignored(inputs, relative))
  );
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
