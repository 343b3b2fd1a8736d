import type { Component } from '../images/component.ts';
import type { Publication } from '../gitlab/publication.ts';
import { refSlug } from './ref-slug.ts';
import { releaseOf, VERSION_GRAMMAR } from './release.ts';

/** What the placeholders of a pattern stand for, by name; those that are not here have no value in this pipeline. */
export type PlaceholderValues = Readonly<Record<string, string | undefined>>;

/** What stands for a CI variable until GitLab expands it in the job: in braces, which go where they are not needed. */
const variable = (name: string) => `\${${name}}`;

/** GitLab's variables are left for the job to expand; what has to be checked before is not. */
export function placeholderValues(
  publication: Publication,
  component: Component | undefined,
): PlaceholderValues {
  const sha = variable('CI_COMMIT_SHORT_SHA');
  switch (publication.kind) {
    case 'merge-request':
      return { iid: variable('CI_MERGE_REQUEST_IID'), sha };
    case 'branch':
      return { branch: variable('CI_COMMIT_REF_SLUG'), sha };
    case 'default-branch':
      return { branch: refSlug(publication.branch), sha, component: component?.tag };
    case 'tag': {
      const { version, major, minor } = releaseOf(publication.tag) ?? {};
      const { tag } = publication;
      return { tag, version, major: unlessDate(major), minor: unlessDate(minor), component: component?.tag };
    }
    case 'local':
      return { sha };
  }
}

/** Git tags are called 20261120 as well: no line of releases is, or it could move such a tag. */
function unlessDate(number: string | undefined): string | undefined {
  return number === undefined || number.length > LONGEST_NUMBER ? undefined : number;
}

const LONGEST_NUMBER = 6;

/**
 * The tag that a pattern stands for, with an ending. Undefined where a placeholder has no value, such as `{component}` for
 * an image that has none.
 */
export function fillPattern(pattern: string, values: PlaceholderValues, ending: string): string | undefined {
  const names = placeholdersOf(pattern);
  if (names.some((name) => values[name] === undefined)) return undefined;
  return withBraces(pattern.replace(PLACEHOLDER, (_, name: string) => values[name] as string) + ending);
}

/** As a shell needs them: only where what follows would go on with the variable's name. */
export function withBraces(text: string): string {
  return text.replace(/\$\{(\w+)\}(?!\w)/g, '$$$1');
}

const PLACEHOLDER = /\{(\w+)\}/g;

export function placeholdersOf(pattern: string): readonly string[] {
  return [...pattern.matchAll(PLACEHOLDER)].map(([, name]) => name as string);
}

/**
 * All tags that a pattern can give, whatever the commit and the Git tag; undefined where one of its placeholders never has a
 * value.
 *
 * @param grammars of placeholders whose values are not the same for every image and repository.
 */
export function patternLanguage(
  pattern: string,
  grammars: Readonly<Record<'branch' | 'component', string | undefined>>,
): RegExp | undefined {
  const all: Readonly<Record<string, string | undefined>> = { ...GRAMMARS, ...grammars };
  if (placeholdersOf(pattern).some((name) => all[name] === undefined)) return undefined;
  const source = pattern.replace(/\{(\w+)\}|[.]/g, (text, name?: string) =>
    name === undefined ? `\\${text}` : `(?:${all[name]})`,
  );
  return new RegExp(`^${source}$`);
}

const GRAMMARS = {
  // Of a short SHA without a letter a date can't be told apart, and dates are what Git tags and branches are called.
  sha: '(?=[0-9]*[a-f])[0-9a-f]{8}',
  tag: '[A-Za-z0-9_.-]+',
  version: VERSION_GRAMMAR.version,
  major: `(?!\\d{${LONGEST_NUMBER + 1}})${VERSION_GRAMMAR.number}`,
  minor: VERSION_GRAMMAR.number,
};
