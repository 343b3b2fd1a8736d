import { displayDirectory, imagePlaces } from '../images/image.ts';
import type { Group } from '../init/groups.ts';
import { isExternal, listUses, type Note, shownReference, TOLD_IN_PLACE } from '../init/notes.ts';
import type { Proposal } from '../init/propose.ts';
import { placeOfUse } from '../init/uses.ts';
import { literalGlob } from '../init/writable.ts';
import { comment, item, scalar } from './commented-yaml.ts';
import { printable } from './printable.ts';

/** Writes a proposed `affected.yml`, with the reason beside each setting; `open` stands at its end as a comment. */
export function renderConfigYaml(proposal: Proposal, open: readonly Note[]): string {
  const schema = proposal.hasSchema ? '.' : './node_modules/@lakehouse/affected';
  const { targetBranch, settings } = proposal;
  const sections = [
    [
      `# yaml-language-server: $schema=${schema}/affected.schema.json`,
      ...comment(
        'Written by `affected init` from what the Dockerfiles say. Yours to change: `affected check` tells what does not fit.',
      ),
      'version: 1',
      ...(targetBranch === undefined ? [] : [`targetBranch: ${scalar(targetBranch)}`]),
    ],
    registrySection(settings),
    discoverSection(proposal),
    namesSection(settings),
    referencesSection(proposal),
    argsSection(proposal),
    imagesSection(proposal),
    inputsSection(proposal),
    openSection(open),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function registrySection({ registry }: Proposal['settings']): string[] {
  if (registry === '$CI_REGISTRY_IMAGE') return [];
  return [
    ...comment(
      'All references to images of this repository begin so; they are pushed there too. If that is another registry than you push to, take this away and write rules under `references`.',
    ),
    `registry: ${scalar(registry)}`,
  ];
}

function discoverSection({ images, found }: Proposal): string[] {
  const isDefault = found.dockerfiles.length === 1 && found.dockerfiles[0] === '**/Dockerfile';
  const lines = isDefault
    ? []
    : ['  dockerfiles:', ...found.dockerfiles.map((glob) => `    - ${scalar(glob)}`)];
  const exclude = found.exclude.flatMap(({ glob, leftOut }) => {
    const [first] = leftOut;
    const because = first === undefined ? '' : WHY[first.because];
    return [`    # ${files(leftOut.map(({ path }) => path))}: ${because}`, `    - ${scalar(glob)}`];
  });
  if (exclude.length > 0) lines.push('  exclude:', ...exclude);
  if (lines.length === 0) return [];
  const many = new Set(images.map(({ dockerfile }) => dockerfile)).size;
  return [
    ...comment(`${many} ${many === 1 ? 'image is' : 'images are'} found so: each Dockerfile is one.`),
    'discover:',
    ...lines,
  ];
}

const WHY = {
  directory: 'no image of its own by its directory',
  template: 'a template, which no builder reads',
  backup: 'a copy put aside',
  unreadable: 'no Dockerfile a builder can read',
  'same-name': 'another Dockerfile is the same image by its name',
} as const;

function files(paths: readonly string[]): string {
  const more = paths.length === 1 ? '' : ` and ${paths.length - 1} more`;
  return `${printable(paths[0] ?? '')}${more}`;
}

function namesSection({ names }: Proposal['settings']): string[] {
  if (names.length === 0) return [];
  return [
    ...comment('What images are called, and pushed as below the registry; all others by their directory.'),
    'names:',
    ...names.map(({ directory, name }) => `  ${scalar(directory)}: ${scalar(name)}`),
  ];
}

function referencesSection({ settings: { rules }, groups: { pinned } }: Proposal): string[] {
  const left = pinned.flatMap(pinnedLines);
  if (rules === undefined) return left.length === 0 ? [] : ['# references:', ...left];
  if (rules.length === 0) {
    return [
      ...comment(
        'A name without a registry is no image of this repository, be it called so: FROM nginx is the one of Docker Hub.',
      ),
      'references: []',
      ...left,
    ];
  }
  return [
    ...comment('Which references mean images of this repository; the first that fits counts.'),
    'references:',
    ...rules.flatMap(ruleLines),
    ...left,
  ];
}

function ruleLines(group: Group): string[] {
  const { uses, pinned, anyTag, shape } = group;
  const lines = [`${exampleOf(uses)}.`];
  if (shape.tag !== undefined) lines.push('The tag tells which directory is meant.');
  else if (anyTag) lines.push('Any tag counts, because an ARG sets it.');
  else lines.push('Only `latest` and no tag mean what is built here.');
  if (isExternal(group)) {
    lines.push(
      `Published versions, not built anew: ${listUses(pinned.map(({ use }) => use))}. Take \`tags\` away to count them.`,
    );
  }
  return [
    ...comment(lines.join(' '), '  '),
    `  - match: ${scalar(shape.match)}`,
    ...(shape.tag === undefined ? [] : [`    tag: ${scalar(shape.tag)}`]),
    `    directory: ${scalar(shape.directory)}`,
    ...(anyTag ? [] : ['    tags: [latest]']),
  ];
}

function exampleOf(uses: Group['uses']): string {
  const [{ use }] = uses as [Group['uses'][number]];
  const example = `${shownReference(use)} in ${placeOfUse(use)}`;
  return uses.length === 1 ? `1 reference: ${example}` : `${uses.length} references, such as ${example}`;
}

function pinnedLines({ shape, pinned }: Group): string[] {
  return [
    ...comment(
      `Published versions only: ${listUses(pinned.map(({ use }) => use))}. To build them anew with the image here:`,
      '  ',
    ),
    `  # - match: ${scalar(shape.match)}`,
    `  #   directory: ${scalar(shape.directory)}`,
  ];
}

function argsSection({ args }: Proposal): string[] {
  if (args.length === 0) return [];
  const isKnown = args.some(({ value }) => value !== undefined);
  return [
    ...comment('ARGs that references need and that no Dockerfile gives a value.'),
    isKnown ? 'args:' : '# args:',
    ...args.flatMap(({ name, value, uses }) => [
      ...comment(`For ${listUses(uses)}.`, '  '),
      value === undefined ? `  # ${name}: ""` : `  ${name}: ${scalar(value)}`,
    ]),
  ];
}

function imagesSection({ contexts }: Proposal): string[] {
  if (contexts.contexts.length === 0) return [];
  return [
    ...comment('What the Dockerfiles copy lies below these directories, and not below their own.'),
    'images:',
    ...contexts.contexts.flatMap(({ glob, context, example }) => {
      const why = example && `${example.image.dockerfile}:${example.source.line}`;
      const words = example && `${example.source.instruction} ${example.source.source}`;
      return [
        ...(example === undefined ? [] : comment(`${why as string}: ${words as string}`, '  ')),
        `  ${scalar(glob)}:`,
        `    context: ${scalar(displayDirectory(context))}`,
      ];
    }),
  ];
}

function inputsSection({ bakeFiles: { beside } }: Proposal): string[] {
  if (beside.length === 0) return [];
  return [
    ...comment('Build args that bake files give are not read, so that any change of these files counts.'),
    'inputs:',
    ...beside.flatMap(({ path, images }) => [
      `  - paths: [${scalar(literalGlob(path))}]`,
      `    images: [${images.map((image) => scalar(literalGlob(imagePlaces(image).at(-1) as string))).join(', ')}]`,
    ]),
  ];
}

function openSection(all: readonly Note[]): string[] {
  const open = all.filter(({ code }) => !TOLD_IN_PLACE.has(code));
  if (open.length === 0) return [];
  return [
    ...comment('Left for you to look at:'),
    ...open.flatMap(({ code, message }) => item(`${message} [${code}]`)),
  ];
}
