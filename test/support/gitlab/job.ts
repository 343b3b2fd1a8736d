import { readImage, type JobImage } from './job-image.ts';
import { asString, asStrings, isList, isMapping, isRubyScalar } from './value.ts';
import type { Mapping, Value } from './value.ts';

export interface Job {
  readonly name: string;
  /** The job's own mapping, merged; empty where the job is none. */
  readonly body: Mapping;
  readonly stage: string;
  readonly image: JobImage | undefined;
  /** Undefined: the job waits for all earlier stages. */
  readonly needs: readonly Need[] | undefined;
  readonly dependencies: readonly string[] | undefined;
  readonly rules: readonly Rule[] | undefined;
  readonly when: string;
  readonly allowFailure: AllowFailure;
  readonly variables: ReadonlyMap<string, Variable>;
  /** Whether the variables of the top level reach the job: all, none or the named. */
  readonly inheritedVariables: boolean | readonly string[];
  readonly beforeScript: readonly string[];
  readonly script: readonly string[];
  readonly afterScript: readonly string[];
  readonly artifacts: Artifacts;
  readonly tags: readonly string[];
  readonly retries: number;
  readonly trigger: Value | undefined;
}

export interface Need {
  readonly job: string;
  readonly optional: boolean;
  /** Undefined: not said, which means yes. */
  readonly artifacts: boolean | undefined;
}

export interface Rule {
  readonly if: string | undefined;
  readonly when: string | undefined;
  readonly allowFailure: AllowFailure | undefined;
  readonly variables: ReadonlyMap<string, Variable>;
  /** Keys of the rule beyond these, such as `changes`. */
  readonly others: readonly string[];
}

/** Undefined where nothing is said; numbers are the exit codes that are allowed. */
export type AllowFailure = boolean | readonly number[] | undefined;

export interface Variable {
  readonly value: string;
  /** False for `expand: false`: the value reaches the job untouched. */
  readonly expand: boolean;
}

export interface Artifacts {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  readonly dotenv: readonly string[];
  readonly when: string;
}

interface JobSource {
  readonly name: string;
  readonly body: Value | undefined;
  /** The file's top level, for `default` and its older spelling as top-level keys. */
  readonly globals: Mapping;
}

export function readJob({ name, body, globals }: JobSource): Job {
  const own: Mapping = isMapping(body) ? body : new Map();
  const inherit = own.get('inherit');
  const inherited = (key: string): Value | undefined => inheritDefault({ key, own, globals, inherit });
  return {
    name,
    body: own,
    stage: asString(own.get('stage')) ?? 'test',
    image: readImage(inherited('image')),
    needs: own.has('needs') ? readNeeds(own.get('needs')) : undefined,
    dependencies: own.has('dependencies') ? asStrings(own.get('dependencies')) : undefined,
    rules: readRules(own.get('rules')),
    when: asString(own.get('when')) ?? 'on_success',
    allowFailure: readAllowFailure(own.get('allow_failure')),
    variables: readVariables(own.get('variables')),
    inheritedVariables: readInherit(inherit, 'variables'),
    beforeScript: asStrings(inherited('before_script')),
    script: asStrings(own.get('script')),
    afterScript: asStrings(inherited('after_script')),
    artifacts: readArtifacts(inherited('artifacts')),
    tags: asStrings(inherited('tags')),
    retries: readRetries(inherited('retry')),
    trigger: own.get('trigger'),
  };
}

export function readRules(value: Value | undefined): readonly Rule[] | undefined {
  return isList(value) ? value.flat(maxNesting).flatMap(readRule) : undefined;
}

/** Integers become text as Ruby prints them; what GitLab refuses (no text, no integer) is left out. */
export function readVariables(value: Value | undefined): ReadonlyMap<string, Variable> {
  if (!isMapping(value)) return new Map();
  return new Map(
    [...value].flatMap(([name, item]) => readVariable(item).map((variable) => [name, variable])),
  );
}

const maxNesting = 10;
const ruleKeys: ReadonlySet<string> = new Set(['if', 'when', 'allow_failure', 'variables']);

function readRule(value: Value): Rule[] {
  if (!isMapping(value)) return [];
  const rule: Rule = {
    if: asString(value.get('if')),
    when: asString(value.get('when')),
    allowFailure: readAllowFailure(value.get('allow_failure')),
    variables: readVariables(value.get('variables')),
    others: [...value.keys()].filter((key) => !ruleKeys.has(key)),
  };
  return [rule];
}

function readVariable(value: Value): Variable[] {
  if (isMapping(value)) {
    const text = printed(value.get('value'));
    return [{ value: text ?? '', expand: value.get('expand') !== false }];
  }
  const text = printed(value);
  return text === undefined ? [] : [{ value: text, expand: true }];
}

function printed(value: Value | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  if (isRubyScalar(value)) return value.class === 'Integer' ? value.printed : asString(value);
  return asString(value);
}

function readNeeds(value: Value | undefined): Need[] {
  const items = isList(value) ? value.flat(maxNesting) : value === undefined ? [] : [value];
  return items.flatMap((item): Need[] => {
    if (!isMapping(item))
      return asStrings(item).map((job) => ({ job, optional: false, artifacts: undefined }));
    const job = asString(item.get('job'));
    if (job === undefined || item.has('pipeline') || item.has('project')) return [];
    const artifacts = item.get('artifacts');
    return [
      {
        job,
        optional: item.get('optional') === true,
        artifacts: typeof artifacts === 'boolean' ? artifacts : undefined,
      },
    ];
  });
}

function readAllowFailure(value: Value | undefined): AllowFailure {
  if (typeof value === 'boolean') return value;
  if (!isMapping(value)) return undefined;
  const codes = value.get('exit_codes');
  return (isList(codes) ? codes : [codes]).filter((code) => typeof code === 'number');
}

function readArtifacts(value: Value | undefined): Artifacts {
  const artifacts: Mapping = isMapping(value) ? value : new Map();
  const reports = artifacts.get('reports');
  return {
    paths: asStrings(artifacts.get('paths')),
    exclude: asStrings(artifacts.get('exclude')),
    dotenv: isMapping(reports) ? asStrings(reports.get('dotenv')) : [],
    when: asString(artifacts.get('when')) ?? 'on_success',
  };
}

/** Retries after a failing script; a `when` that names only the runner's own failures asks for none. */
function readRetries(value: Value | undefined): number {
  if (typeof value === 'number') return value;
  if (!isMapping(value)) return 0;
  const max = value.get('max');
  const reasons = asStrings(value.get('when'));
  const counts = reasons.length === 0 || reasons.includes('always') || reasons.includes('script_failure');
  return counts && typeof max === 'number' ? max : 0;
}

interface Inheritance {
  readonly key: string;
  readonly own: Mapping;
  readonly globals: Mapping;
  readonly inherit: Value | undefined;
}

function inheritDefault({ key, own, globals, inherit }: Inheritance): Value | undefined {
  const mine = own.get(key);
  if (mine !== undefined && mine !== null) return mine;
  const allowed = readInherit(inherit, 'default');
  if (allowed === false || (allowed !== true && !allowed.includes(key))) return undefined;
  const defaults = globals.get('default');
  const fallback = isMapping(defaults) ? defaults.get(key) : undefined;
  return fallback ?? (olderDefaults.has(key) ? globals.get(key) : undefined);
}

const olderDefaults: ReadonlySet<string> = new Set(['before_script', 'after_script']);

function readInherit(inherit: Value | undefined, key: string): boolean | readonly string[] {
  const value = isMapping(inherit) ? inherit.get(key) : undefined;
  if (isList(value)) return asStrings(value);
  return value !== false;
}
