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
export function notesOn({ settings, groups, args, contexts, found }: Proposal): readonly Note[] {
  const pinned = [...groups.ours, ...groups.pinned].filter((group) => isExternal(group));
  return [
    ...settings.missed.map((meant) =>
      note('missed-reference', `${told(meant)} seems to mean it, but no rule finds it; write one by hand`),
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
        `${list(group)} may mean ${imagesOf(group)}, and is taken for somebody else's; if it does, add ${ruleText(group)} under "references"`,
      ),
    ),
    ...pinned.map((group) =>
      note(
        'pinned-reference',
        `${list(group, group.pinned)} ${group.pinned.length === 1 ? 'names a published version' : 'name published versions'} of ${imagesOf(group)}: a change here does not build ${group.pinned.length === 1 ? 'it' : 'them'} anew; if it should, ${settings.rules?.includes(group) ? 'take `tags` away from the rule' : `add ${ruleText(group)} under "references"`}`,
      ),
    ),
    ...settings.taken.map((meant) =>
      note('taken-reference', `${told(meant)} is found by it, though it most likely means something else`),
    ),
    ...args
      .filter(({ value }) => value === undefined)
      .map(({ name, uses }) =>
        note(
          'argument-without-value',
          `$${name} has no value for ${listUses(uses)}; give it one under "args"`,
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

/** The pinned references of a group are external, unless its rule takes any tag. */
export function isExternal({ pinned, uses, anyTag }: Group): boolean {
  return pinned.length > 0 && (uses.length === 0 || !anyTag);
}

function note(code: string, message: string): Note {
  return { code, message };
}

const SHOWN = 3;

function list(group: Group, uses: readonly MeantUse[] = [...group.uses, ...group.pinned]): string {
  return listUses(uses.map(({ use }) => use));
}

/** As in `a/Dockerfile:3: acme/base:1 (and 4 more)`. */
export function listUses(uses: readonly Use[]): string {
  const first = uses.slice(0, SHOWN).map(shown).join(', ');
  return uses.length > SHOWN ? `${first} (and ${uses.length - SHOWN} more)` : first;
}

function shown(use: Use): string {
  return `${placeOfUse(use)}: ${shownReference(use)}`;
}

/** Nobody reads a whole digest. */
export function shownReference({ reference }: Use): string {
  const text = reference.reference || reference.word;
  return text.replace(/@(\w+:[0-9a-f]{7})[0-9a-f]+$/, '@$1…');
}

function told({ use, image }: MeantUse): string {
  return `${placeOfImage(image)}: ${shown(use)}`;
}

function imagesOf({ uses, pinned }: Group): string {
  const places = [...new Set([...uses, ...pinned].map(({ image }) => placeOfImage(image)))].sort();
  const more = places.length > SHOWN ? ` (and ${places.length - SHOWN} more)` : '';
  return `${places.slice(0, SHOWN).join(', ')}${more}`;
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
      'is a template, which no builder reads; where the Dockerfile made of it is not in git, nothing is known of that image',
      of('template'),
    ],
    ['unreadable-dockerfile', 'is named like a Dockerfile and can not be read as one', of('unreadable')],
    [
      'same-name',
      'would be the same image as another Dockerfile of its directory; give it a name of its own to build it',
      of('same-name'),
    ],
  ];
  return notes.flatMap(([code, what, paths]) => {
    if (paths.length === 0) return [];
    const more = paths.length === 1 ? '' : ` (and ${paths.length - 1} more like it)`;
    return [note(code, `${paths[0] as string}${more} ${what}`)];
  });
}
