import { expandWord } from './words.ts';

/** A variable's value; `unknown` names the variables behind it that only an image out of sight could have set. */
export interface Value {
  text: string;
  unknown: readonly string[];
}

/** The variables that words of a build stage, or of the global scope, are expanded with. */
export interface Scope {
  /** ENV and ARG: what words see. */
  values: Map<string, Value>;
  /** Whether a variable without a value may have one that is not in sight. */
  mayHold: (name: string) => boolean;
}

/** Expands a word (throws WordError); `unknown` names what would have to be known to be sure of the text. */
export function expandIn(scope: Scope, word: string, escape: string): Value {
  const unknown = new Set<string>();
  const { text } = expandWord(word, {
    escape,
    lookup: (name) => {
      const value = scope.values.get(name);
      for (const each of value?.unknown ?? []) unknown.add(each);
      if (value === undefined && scope.mayHold(name)) unknown.add(name);
      return value?.text;
    },
  });
  return { text, unknown: [...unknown] };
}

/** A value of the record itself: `constructor` is a name like any other. */
export function ownArgument(args: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined;
}
