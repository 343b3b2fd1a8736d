import { expandGlobal } from '../globals.ts';
import type { Instruction, ParsedDockerfile } from '../instruction.ts';
import { argumentPairs } from '../name-values.ts';
import { platformArguments } from '../platform.ts';
import type { Plan, PlannedStage } from '../plan.ts';
import { ownArgument } from '../scope.ts';
import { readStages } from '../stages.ts';
import type { Construct } from './differences.ts';
import { type Found, placeOfFlag } from './found.ts';

/**
 * What a FROM shows. Kaniko takes `--platform` from nowhere but its own command line, and expands the name with the
 * arguments before the first FROM alone, where an empty build argument does not count (pkg/dockerfile/dockerfile.go,
 * unifyArgs and resolveStagesArgs; pkg/image/image_util.go).
 */
export function fromConstructs(
  { stage, base }: PlannedStage,
  options: {
    dockerfile: ParsedDockerfile;
    plan: Plan;
    args: Readonly<Record<string, string>>;
    target: string | undefined;
  },
): Found[] {
  const { dockerfile, plan, args, target } = options;
  const found: Found[] = [];
  const add = (construct: Construct, shown: string, place: { line: number; column: number } = base) =>
    found.push({ construct, shown, line: place.line, column: place.column });
  const platform = stage.from.flags.find(({ name }) => name === 'platform');
  if (platform?.value && base.stage === undefined && base.reference.text !== 'scratch') {
    const { text, unknown } = expandGlobal(plan.globals, platform.value, dockerfile.escape);
    if (
      unknown.length === 0 &&
      text.includes('/') &&
      normal(text) !== plan.globals.get('BUILDPLATFORM')?.text
    )
      add('from-platform', `FROM --platform=${platform.value}`, placeOfFlag(stage.from, platform));
  }
  const declared = declaredGlobals(dockerfile);
  for (const name of namesBehind(base.word, declared, args)) {
    if (PLATFORM.has(name) && declared.get(name) === undefined && !ownArgument(args, name))
      add('from-platform-argument', `$${name} in FROM ${base.word}`);
    if (ownArgument(args, name) === '' && declared.get(name))
      add('from-empty-argument', `$${name} in FROM ${base.word}`);
  }
  const isTarget = stage === plan.stages.at(-1)?.stage;
  if (isTarget && target !== undefined && /^\d+$/.test(target)) add('target-number', `The target ${target}`);
  return found;
}

const PLATFORM = platformArguments('linux/amd64', '');

function normal(platform: string): string | undefined {
  return platformArguments(platform, '').get('TARGETPLATFORM')?.text;
}

/** Defaults of the arguments before the first FROM. */
function declaredGlobals(dockerfile: ParsedDockerfile): ReadonlyMap<string, string | undefined> {
  const pairs = readStages(dockerfile).globals.flatMap(
    (declaration: Instruction) => argumentPairs(declaration.arguments, dockerfile).pairs,
  );
  return new Map(pairs.map(({ name, value }) => [name, value]));
}

/** The variables that a word hangs on, also through the defaults of others. */
function namesBehind(
  word: string,
  declared: ReadonlyMap<string, string | undefined>,
  args: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  const names = new Set(namesIn(word));
  for (const name of names) {
    if (ownArgument(args, name)) continue;
    for (const inner of namesIn(declared.get(name) ?? '')) names.add(inner);
  }
  return names;
}

function namesIn(word: string): string[] {
  return [...word.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name]) => name as string);
}
