import * as z from 'zod/mini';
import {
  DIRECTORY_PATTERN,
  directory,
  directoryPattern,
  REPOSITORY,
  repository,
  repositoryExpression,
  tag,
  taggedRepository,
  tagPattern,
} from './fields.ts';
import { placeholdersIn } from './placeholders.ts';
import { described, isMapping, mapping, someOf } from './shapes.ts';

const MAPPING = 'write a mapping with match, regex or table';

/** One rule of `references`: which repositories it is about, in one of three ways, and what they mean here. */
export const reference = mapping(MAPPING, {
  match: described(
    z.exactOptional(repository),
    'Repository part of the reference, without tag and digest. {name} stands for any text without "/".',
  ),
  regex: described(
    z.exactOptional(repositoryExpression),
    'Instead of match: a JavaScript regular expression (flag u) for the whole repository part; its named groups are the placeholders. Nothing keeps it from backtracking for ever.',
  ),
  table: described(
    z.exactOptional(
      z.record(taggedRepository, directory, { error: 'write a mapping of repositories to directories' }),
    ),
    'Instead of match: repositories (with any tag) or repository:tag (that tag only), as they are written, to directories.',
  ),
  directory: described(
    z.exactOptional(directoryPattern),
    'Directory of the image that is meant, with the placeholders of `match` or `regex` and of `tag`.',
  ),
  tags: described(
    z.exactOptional(someOf(tag, 'tags')),
    'Only these tags; no tag counts as latest. Any tag or digest when absent.',
  ),
  tag: described(
    z.exactOptional(tagPattern),
    'Only tags of this form; its placeholders can stand in `directory`. No tag counts as latest.',
  ),
  aliases: described(
    z.exactOptional(z.record(tag, tag, { error: 'write a mapping of tags to the tags they stand for' })),
    'Tags that stand for others, such as latest: "21"; translated before the tag is looked at.',
  ),
}).check(
  // The same for editors, as far as a JSON schema can tell it.
  z.meta({
    oneOf: [
      { required: ['match', 'directory'], properties: { match: true, directory: true } },
      { required: ['regex', 'directory'], properties: { regex: true, directory: true } },
      { required: ['table'], properties: { table: true, directory: false, tags: false, tag: false } },
    ],
    not: { required: ['tags', 'tag'], properties: { tags: true, tag: true } },
  }),
  z.check(
    ({ value, issues }) => {
      for (const { key, message } of complaints(value)) {
        issues.push({ code: 'custom', input: value, path: [key], message });
      }
    },
    // Also in a rule in which other things are wrong, so that all of them are told at once.
    { when: ({ value }) => isMapping(value) },
  ),
);

type Rule = Readonly<Record<string, unknown>>;

function complaints(rule: Rule): { key: string; message: string }[] {
  const [way, another] = ['match', 'regex', 'table'].filter((key) => key in rule);
  if (way === undefined) return [{ key: 'match', message: `${REPOSITORY}; or write regex or table` }];
  if (another !== undefined)
    return [{ key: another, message: `keep this or \`${way}\`, a rule has one of them` }];
  if (way === 'table') {
    return ['directory', 'tags', 'tag']
      .filter((key) => key in rule)
      .map((key) => ({ key, message: 'it does not go with `table`, which tells it itself; remove it' }));
  }
  if ('tags' in rule && 'tag' in rule)
    return [{ key: 'tag', message: 'keep this or `tags`, a rule has one of them' }];
  if (!('directory' in rule)) return [{ key: 'directory', message: DIRECTORY_PATTERN }];
  const message = bindingComplaint(rule);
  return message === undefined ? [] : [{ key: 'directory', message }];
}

/** Every placeholder of the directory is bound, and by one place. */
function bindingComplaint({ match, regex, tag: tagged, directory: used }: Rule): string | undefined {
  const patterns = [match, regex, tagged].filter((pattern) => typeof pattern === 'string');
  const bound = [
    ...(typeof match === 'string' ? placeholdersIn(match) : []),
    ...(typeof regex === 'string' ? (groupsOf(regex) ?? []) : []),
    ...(typeof tagged === 'string' ? placeholdersIn(tagged) : []),
  ];
  const shown = patterns.map((pattern) => JSON.stringify(pattern)).join(' and ');
  const twice = bound.find((name, index) => bound.indexOf(name) !== index);
  if (twice !== undefined) return `{${twice}} occurs twice in ${shown}; name each part differently`;
  const unreadable =
    (regex !== undefined && groupsOf(regex) === undefined) ||
    (match !== undefined && typeof match !== 'string');
  if (typeof used !== 'string' || unreadable) return undefined;
  const unbound = placeholdersIn(used).find((name) => !bound.includes(name));
  if (unbound === undefined) return undefined;
  const place =
    regex === undefined
      ? `does not occur in ${shown}`
      : `is no named group of ${shown}; write (?<${unbound}>…) there`;
  return `{${unbound}} ${place}`;
}

/** An alternative that matches nothing still knows the names of all groups. */
function groupsOf(regex: unknown): readonly string[] | undefined {
  if (typeof regex !== 'string') return undefined;
  try {
    return Object.keys(new RegExp(`${regex}|`, 'u').exec('')?.groups ?? {});
  } catch {
    return undefined;
  }
}
