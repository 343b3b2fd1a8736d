import type { Config } from '../config/schema.ts';
import { compilePlaceholders, fillPlaceholders } from './placeholders.ts';
import type { ReferenceParts } from './reference-parts.ts';

/** What a rule of the config's `references` makes of a reference that it is about. */
export interface RuleAnswer {
  /** The directories of images that may be meant; never none. */
  directories: readonly string[];
  /** After the rule's aliases; undefined where it is not known. */
  tag: string | undefined;
  /**
   * `certain`: the rule decides. `by-tag`: it does if the unknown tag is one of its tags. `needs-tag`: only a tag would
   * tell which directory is meant, if any.
   */
  kind: 'certain' | 'by-tag' | 'needs-tag';
  /** The repositories the rule is about, as the config writes them. */
  about: string;
}

/**
 * The answers of the rules, in their order. A rule whose directory holds no image says nothing.
 *
 * @param directories the directories that hold images, as the config writes them.
 */
export function compileRules(
  rules: Config['references'],
  directories: Iterable<string>,
): (parts: ReferenceParts) => Iterable<RuleAnswer> {
  const known = new Set(directories);
  const compiled = (rules ?? []).flatMap((rule) => compileRule(rule, known));
  return function* answers(parts) {
    for (const ask of compiled) {
      for (const answer of ask(parts)) if (answer.directories.length > 0) yield answer;
    }
  };
}

type ConfigRule = NonNullable<Config['references']>[number];
type CompiledRule = (parts: ReferenceParts) => readonly RuleAnswer[];

function compileRule(rule: ConfigRule, known: ReadonlySet<string>): CompiledRule[] {
  const { match, regex, table, directory = '', tags, tag, aliases } = rule;
  if (table !== undefined) return [compileTable(table, aliases, known)];
  const matches = match === undefined ? compileExpression(regex as string) : compilePlaceholders(match);
  const tagged = tag === undefined ? undefined : compilePlaceholders(tag);
  return [
    compileSingle({ about: match ?? (regex as string), matches, directory, tags, tagged, aliases }, known),
  ];
}

type Values = Readonly<Record<string, string>>;

interface SingleRule {
  about: string;
  matches: (repository: string) => Values | undefined;
  directory: string;
  tags: readonly string[] | undefined;
  tagged: ((tag: string) => Values | undefined) | undefined;
  aliases: Values | undefined;
}

function compileSingle(rule: SingleRule, known: ReadonlySet<string>): CompiledRule {
  const { about, matches, tags, tagged } = rule;
  const existing = (values: Values): string[] => {
    const directory = fillPlaceholders(rule.directory, values);
    return known.has(directory) ? [directory] : [];
  };
  const possible = new Map<string, string[]>();
  const mayMean = (values: Values): string[] => {
    const pattern = fillPlaceholders(rule.directory, values);
    const directories = possible.get(pattern) ?? [...known].filter(compilePlaceholders(pattern));
    possible.set(pattern, directories);
    return directories;
  };
  return (parts) => {
    const values = matches(parts.repository);
    if (!values) return [];
    const tag = translated(parts.tag, rule.aliases);
    if (tagged) {
      if (tag === undefined) return [{ directories: mayMean(values), tag, kind: 'needs-tag', about }];
      const more = tagged(tag);
      if (!more) return [];
      return [{ directories: existing({ ...values, ...more }), tag, kind: 'certain', about }];
    }
    // A digest is one build of an image, whatever its tag has come to mean since.
    if (tags && (parts.digest || (tag !== undefined && !tags.includes(tag)))) return [];
    const kind = tags && tag === undefined ? 'by-tag' : 'certain';
    return [{ directories: existing(values), tag, kind, about }];
  };
}

/** One rule for all of a table, which may have thousands of entries: only those of the repository are asked. */
function compileTable(table: Values, aliases: Values | undefined, known: ReadonlySet<string>): CompiledRule {
  const byRepository = new Map<string, CompiledRule[]>();
  for (const { repository, ...entry } of tableRules(table)) {
    const rule = compileSingle({ ...entry, aliases }, known);
    byRepository.set(repository, [...(byRepository.get(repository) ?? []), rule]);
  }
  return (parts) => (byRepository.get(parts.repository) ?? []).flatMap((ask) => ask(parts));
}

/** An entry with a tag says more than one without. */
function tableRules(table: Values): (Omit<SingleRule, 'aliases'> & { repository: string })[] {
  const rules = Object.entries(table).map(([about, directory]) => {
    const colon = about.lastIndexOf(':');
    const isTagged = colon > about.lastIndexOf('/');
    const repository = isTagged ? about.slice(0, colon) : about;
    return {
      about,
      directory,
      repository,
      matches: (text: string) => (text === repository ? {} : undefined),
      tags: isTagged ? [about.slice(colon + 1)] : undefined,
      tagged: undefined,
    };
  });
  return [...rules.filter(({ tags }) => tags), ...rules.filter(({ tags }) => !tags)];
}

/** For the whole text, whether or not the expression says so. */
function compileExpression(regex: string): (text: string) => Values | undefined {
  const expression = new RegExp(`^(?:${regex})$`, 'u');
  return (text) => {
    const match = expression.exec(text);
    if (!match) return undefined;
    const groups = Object.entries(match.groups ?? {}) as [string, string | undefined][];
    return Object.fromEntries(groups.filter((group): group is [string, string] => group[1] !== undefined));
  };
}

function translated(tag: string | undefined, aliases: Values = {}): string | undefined {
  return tag !== undefined && Object.hasOwn(aliases, tag) ? aliases[tag] : tag;
}
