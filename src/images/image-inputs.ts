import { compileSource, type CopySource } from '../dockerfile/copy-source.ts';
import type { ContextSource, ForeseenSources } from '../dockerfile/evaluate.ts';
import type { IgnoreRules } from '../dockerfile/ignore-file.ts';
import type { DeclaredGlob } from './declared-globs.ts';
import type { Image } from './image.ts';
import type { IgnoreFile, ImageInputs, SelectedSource, Selection } from './inputs.ts';
import type { KeyedInput } from './keyed-inputs.ts';
import { findLinkedSources } from './linked-sources.ts';
import { followLinks } from './links.ts';
import { joinPath, resolvePath } from './paths.ts';
import type { Snapshot } from './snapshot.ts';

interface Options {
  snapshot: Snapshot;
  image: Image;
  context: string;
  contextLinks: readonly string[];
  sources: () => readonly ContextSource[];
  /** What is known of the sources without asking for them. */
  foreseen: ForeseenSources | undefined;
  ignoreFile: IgnoreFile | undefined;
  rules: IgnoreRules;
  declared: readonly DeclaredGlob[];
  keyed: readonly KeyedInput[];
}

export function imageInputs(options: Options): ImageInputs {
  const { image } = options;
  const { path: target, links } = followLinks(options.snapshot, image.dockerfile);
  const dockerfile =
    links.length === 0
      ? [image.dockerfile]
      : [...new Set([image.dockerfile, ...links, target ?? image.dockerfile])];
  return new LazyInputs(options, { dockerfile, target });
}

/** Of thousands of images, most are never looked at closely: what is asked of few is made when it is asked for. */
class LazyInputs implements ImageInputs {
  readonly dockerfile: readonly string[];
  readonly ignoreFile: IgnoreFile | undefined;
  readonly context: string;
  readonly #options: Options;
  readonly #target: string | undefined;
  #sources: readonly SelectedSource[] | undefined;

  constructor(options: Options, at: { dockerfile: readonly string[]; target: string | undefined }) {
    this.dockerfile = at.dockerfile;
    this.ignoreFile = options.ignoreFile;
    this.context = options.context;
    this.#options = options;
    this.#target = at.target;
  }

  get dockerfileText(): string | undefined {
    return this.#target === undefined ? undefined : this.#options.snapshot.text(this.#target);
  }

  get rules(): IgnoreRules {
    return this.#options.rules;
  }

  get contextLinks(): readonly string[] {
    return this.#options.contextLinks;
  }

  get sources(): readonly SelectedSource[] {
    const { snapshot, context, rules, sources } = this.#options;
    this.#sources ??= sources().map((source) => selectedSource({ snapshot, context, source, rules }));
    return this.#sources;
  }

  get reach(): ImageInputs['reach'] {
    const { foreseen, context } = this.#options;
    if (foreseen === undefined) return reachOf(context, this.sources);
    return { directories: foreseen === 'none' ? [] : [context], links: [] };
  }

  get declared(): readonly DeclaredGlob[] {
    return this.#options.declared;
  }

  get keyed(): readonly KeyedInput[] {
    return this.#options.keyed;
  }

  get ciFile(): string | undefined {
    const { directory } = this.#options.image;
    return directory === '' ? undefined : joinPath(directory, '.gitlab-ci.yml');
  }

  get structureTest(): string {
    return joinPath(this.#options.image.directory, 'structure-test.yaml');
  }

  withIgnoreFile(ignoreFile: IgnoreFile | undefined): ImageInputs {
    return new LazyInputs(
      { ...this.#options, ignoreFile },
      { dockerfile: this.dockerfile, target: this.#target },
    );
  }
}

function reachOf(context: string, sources: readonly SelectedSource[]): ImageInputs['reach'] {
  const linked = sources.flatMap((source) => source.linked ?? []);
  const directories = new Set([
    ...linked.flatMap(({ targets }) => targets.map(({ base }) => base)),
    ...sources.flatMap(({ outside }) => (outside ? [outside.base] : [])),
  ]);
  if (sources.length > 0) directories.add(context);
  return { directories: [...directories], links: linked.flatMap((each) => each.links) };
}

function selectedSource(options: {
  snapshot: Snapshot;
  context: string;
  source: ContextSource;
  rules: IgnoreRules;
}): SelectedSource {
  const { snapshot } = options;
  const { links } = snapshot.tree;
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
