import { findCycle } from './cycle.ts';
import type { Variable } from './job.ts';

export type Variables = ReadonlyMap<string, Variable>;

/**
 * The values a job's shell sees. Expansion happens twice: the server replaces references to variables it knows
 * (`$X`, `${X}`, `%X%`, also nested, leaving `$$` and what it doesn't know), then the runner expands the outcome once
 * more (`$$` becomes `$`, what is unknown becomes empty). `expand: false` leaves a value out of both.
 * Source: lib/gitlab/ci/variables/collection.rb (sort_and_expand_all) and gitlab-runner's common/variables.go.
 */
export function expandVariables(variables: Variables): Map<string, string> {
  const sent = expandOnServer(variables);
  return new Map(
    [...sent].map(([name, variable]) => [
      name,
      variable.expand ? runnerExpand(variable.value, sent) : variable.value,
    ]),
  );
}

/** Variables that refer to each other in a circle: GitLab then refuses the pipeline. One of itself is no circle. */
export function findVariableCycle(variables: Variables): readonly string[] | undefined {
  const edges = [...variables].map(([name, variable]): [string, string[]] => [
    name,
    references(variable).filter((other) => other !== name && variables.has(other)),
  ]);
  return findCycle(new Map(edges));
}

/** Expansion by the runner, also used for its own settings such as `artifacts: paths`: Go's old `os.Expand`. */
export function runnerExpand(text: string, variables: Variables): string {
  return text.replace(RUNNER_REFERENCE, (...groups) => {
    const [, braced, special, plain] = groups as (string | undefined)[];
    const name = braced ?? special ?? plain ?? '';
    return name === '$' ? '$' : (variables.get(name)?.value ?? '');
  });
}

const SERVER_REFERENCE =
  /\$\$|%%|\$([a-zA-Z_][a-zA-Z0-9_]*)|\$\{([a-zA-Z_][a-zA-Z0-9_]*)?\}|%([a-zA-Z_][a-zA-Z0-9_]*)%/gu;

/** `${name}`, `${`, a special character, a name, or a lone `$` that isn't last: all but the last two of them vanish. */
const RUNNER_REFERENCE = /\$(?:\{([^}]*)\}|\{|([*#$@!?\-0-9])|(\w+)|(?=[\s\S]))/gu;

function expandOnServer(variables: Variables): Variables {
  if (findVariableCycle(variables) !== undefined) return variables;
  const done = new Map<string, Variable>();
  for (const name of variables.keys()) expandOne({ variables, done, open: new Set() }, name);
  return done;
}

interface Expansion {
  readonly variables: Variables;
  readonly done: Map<string, Variable>;
  readonly open: Set<string>;
}

function expandOne(expansion: Expansion, name: string): void {
  const { variables, done, open } = expansion;
  const variable = variables.get(name);
  if (variable === undefined || done.has(name) || open.has(name)) return;
  open.add(name);
  for (const other of references(variable)) expandOne(expansion, other);
  done.set(name, variable.expand ? { ...variable, value: serverExpand(variable.value, done) } : variable);
}

function serverExpand(text: string, known: Variables): string {
  return text.replace(SERVER_REFERENCE, (match, ...groups) => {
    const [plain, braced, percent] = groups as (string | undefined)[];
    const variable = known.get(plain ?? braced ?? percent ?? '');
    // A raw value is left to the runner, which would otherwise expand what is in it.
    return variable === undefined || !variable.expand ? (match as string) : variable.value;
  });
}

function references(variable: Variable): string[] {
  if (!variable.expand) return [];
  return [...variable.value.matchAll(SERVER_REFERENCE)].flatMap(([, ...groups]) =>
    groups.filter((name) => name !== undefined),
  );
}
