import type { Image } from '../images/image.ts';
import { placeOfImage } from './meanings.ts';
import type { Group, MeantUse } from './groups.ts';
import type { Proposal } from './propose.ts';
import { placeOfUse, type Use } from './uses.ts';

/** Something that only a person can settle. */
export interface Note {
  code: string;
  message: string;
}

/** What the proposal leaves open, the gravest first: what may be missed, what does not work, what is left out. */
export function notesOn({ settings, groups, args, contexts, bakeFiles, found }: Proposal): readonly Note[] {
  const pinned = [...groups.ours, ...groups.pinned].filter((group) => isExternal(group));
  return [
    ...settings.missed.map((meant) =>
      note(
        'missed-reference',
        `${told(meant)} seems to mean it, and no rule finds it; write one under "references" by hand`,
      ),
    ),
    ...groups.ambiguous.map(({ use, images }) =>
      note(
        'ambiguous-reference',
        `${shown(use)} may mean ${images.map(placeOfImage).join(' or ')}; add a rule under "references" for the right one`,
      ),
    ),
    ...groups.doubtful.map((group) =>
      note(
        'doubtful-reference',
        `${imagesOf(all(group))} may be meant by ${list(all(group))}, taken for somebody else's; if so, add ${ruleText(group)} under "references"`,
      ),
    ),
    ...pinned.map((group) =>
      note(
        'pinned-reference',
        `published versions of ${imagesOf(group.pinned)} are named by ${list(group.pinned)}, which a change here does not build anew; where it should, ${settings.rules?.includes(group) ? 'take `tags` away from the rule' : `add ${ruleText(group)} under "references"`}`,
      ),
    ),
    ...settings.taken.map((meant) =>
      note(
        'taken-reference',
        `${told(meant)} is found by it, though most likely somebody else's; if so, write rules under "references" that leave it out`,
      ),
    ),
    ...args
      .filter(({ value }) => value === undefined)
      .map(({ name, uses }) =>
        note(
          'argument-without-value',
          `$${name} has no value for ${listUses(uses)}; give it one under "args", or for each image under "images"`,
        ),
      ),
    ...bakeFiles.above.map(({ path, images: [first, ...more] }) =>
      note(
        'bake-file',
        `${path} may give build args to ${(first as Image).dockerfile}${andMore(more)}, and is not read; where it does, declare it under "inputs" for these images`,
      ),
    ),
    ...contexts.missing.map(({ image, source }) =>
      note(
        'missing-source',
        `${image.dockerfile}:${source.line}: ${source.instruction} ${source.source} names nothing that is in git; make it before the build, or set another "context"`,
      ),
    ),
    ...leftOutNotes(found.leftOut),
  ];
}

/** What is explained where it is decided, and need not be told again at the end of the file. */
export const TOLD_IN_PLACE: ReadonlySet<string> = new Set(['pinned-reference', 'argument-without-value']);

/** The pinned references of a group are external, unless its rule takes any tag. */
export function isExternal({ pinned, uses, anyTag }: Group): boolean {
  return pinned.length > 0 && (uses.length === 0 || !anyTag);
}

function note(code: string, message: string): Note {
  return { code, message };
}

const SHOWN = 3;

function all({ uses, pinned }: Group): readonly MeantUse[] {
  return [...uses, ...pinned];
}

function list(meant: readonly MeantUse[]): string {
  return listUses(meant.map(({ use }) => use));
}

/** As in `acme/base:1 (a/Dockerfile:3 and 4 more), acme/java:1 (b/Dockerfile:1)`. */
export function listUses(uses: readonly Use[]): string {
  const places = new Map<string, string[]>();
  for (const use of uses) {
    const text = shownReference(use);
    places.set(text, [...(places.get(text) ?? []), placeOfUse(use)]);
  }
  const texts = [...places].map(([text, [first, ...more]]) => `${text} (${first as string}${andMore(more)})`);
  return `${texts.slice(0, SHOWN).join(', ')}${andMore(texts.slice(SHOWN))}`;
}

function andMore(more: readonly unknown[]): string {
  return more.length === 0 ? '' : ` and ${more.length} more`;
}

function shown(use: Use): string {
  return `${placeOfUse(use)}: ${shownReference(use)}`;
}

/** Nobody reads a whole digest. */
export function shownReference({ reference }: Use): string {
  const text = reference.unset.length > 0 ? reference.word : reference.reference;
  return text.replace(/@(\w+:[0-9a-f]{7})[0-9a-f]+$/, '@$1…');
}

function told({ use, image }: MeantUse): string {
  return `${placeOfImage(image)}: ${shown(use)}`;
}

function imagesOf(meant: readonly MeantUse[]): string {
  const places = [...new Set(meant.map(({ image }) => placeOfImage(image)))].sort();
  return `${places.slice(0, SHOWN).join(', ')}${andMore(places.slice(SHOWN))}`;
}

function ruleText({ shape }: Group): string {
  const { match, tag, directory } = shape;
  const middle = tag === undefined ? '' : `, tag: ${JSON.stringify(tag)}`;
  return `{ match: ${JSON.stringify(match)}${middle}, directory: ${JSON.stringify(directory)} }`;
}

function leftOutNotes(leftOut: Proposal['found']['leftOut']): Note[] {
  const of = (because: string) => leftOut.filter((left) => left.because === because).map(({ path }) => path);
  const notes: [string, string, readonly string[]][] = [
    [
      'template',
      'a template, which no builder reads; where the Dockerfile made of it is not in git, nothing is known of its image, unless you add the template under "discover"',
      of('template'),
    ],
    ['unreadable-dockerfile', 'named like a Dockerfile, and none that a builder can read', of('unreadable')],
    [
      'same-name',
      'would be the same image as another Dockerfile by its name; rename it to build it',
      of('same-name'),
    ],
  ];
  return notes.flatMap(([code, what, paths]) => {
    if (paths.length === 0) return [];
    return [note(code, `${paths[0] as string}${andMore(paths.slice(1))}: ${what}`)];
  });
}
