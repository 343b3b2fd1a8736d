import * as z from 'zod/mini';

// A path segment that is neither empty nor `.` nor `..`: paths are compared as text, so each has one spelling.
const SEGMENT = String.raw`(?!\.{1,2}(?:\/|$))[^\/]+`;
export const PATH = String.raw`${SEGMENT}(?:\/${SEGMENT})*`;
const PLACEHOLDER = String.raw`\{[A-Za-z_]\w*\}`;
const PATTERN_SEGMENT = String.raw`(?!\.{1,2}(?:\/|$))(?:[^\/{}*?$]|${PLACEHOLDER})+`;
// `!` negates a whole glob unless a parenthesis follows; a negation in a list means another thing in every tool.
const NOT_NEGATED = String.raw`(?!!(?!\())`;
const EXPRESSION =
  'write a JavaScript regular expression that is valid with the flag u, such as registry\\.example\\.com/(?<x>[^/]+)';
const GLOB_EXPECTATION =
  'write a glob relative to the repository root, without "..", a leading "!" or a trailing "/", such as';

export const glob = text(`${GLOB_EXPECTATION} shared/spark/**`, `^${NOT_NEGATED}${PATH}$`);

export const directoryGlob = text(`${GLOB_EXPECTATION} docker/base/*`, `^${NOT_NEGATED}(?:\\.|${PATH})$`);

export const directory = text(
  'write a directory relative to the repository root, without "..", "./" or a trailing "/", such as docker/base, or . for the root',
  `^(?:\\.|${PATH})$`,
);

export const DIRECTORY_PATTERN =
  'write a directory relative to the repository root, where {name} stands for a part of the path and "*", "?" and "$" cannot be used, such as docker/base/{x}';
export const valuesFile = text(
  'write a .env, .properties, .json, .yml, .yaml or .toml file relative to the repository root, without "..", such as versions.env',
  String.raw`^(?=[\s\S]*\.(?:env|properties|json|ya?ml|toml)$)${PATH}$`,
);

export const directoryPattern = text(
  DIRECTORY_PATTERN,
  String.raw`^(?:\.|${PATTERN_SEGMENT}(?:\/${PATTERN_SEGMENT})*)$`,
);

export const keyPattern = text(
  'write keys with dots between them, where "*" stands for any part of a key, "**" for any number of keys and {name} for a part of the image\'s directory, such as spark.version',
  String.raw`^(?:[^.{}]|${PLACEHOLDER})+(?:\.(?:[^.{}]|${PLACEHOLDER})+)*$`,
);

/** Lower case, as the distribution specification has it; the whole name is checked once its placeholders are filled. */
export const imageName = text(
  'write an image name of lower-case letters, digits, ".", "_", "-", "/" and {placeholders}, such as base-{x}',
  String.raw`^(?:[a-z0-9._\-]|${PLACEHOLDER})+(?:\/(?:[a-z0-9._\-]|${PLACEHOLDER})+)*$`,
);

export const REPOSITORY =
  'write a repository without tag or digest, where {name} stands for a part of it, such as quay.io/jupyter/{x}';

export const repository = text(
  REPOSITORY,
  String.raw`^(?:[\w.$\-]|${PLACEHOLDER})+(?::\d+(?=\/))?(?:\/(?:[\w.$\-]|${PLACEHOLDER})+)*$`,
);

export const registry = text(
  'write an image prefix without scheme, tag, digest or trailing "/", such as $CI_REGISTRY_IMAGE or registry.example.com/group/project',
  String.raw`^[\w.$\{\}\-]+(?::(?:\d+|\$\w+|\$\{\w+\}))?(?:\/[\w.$\{\}\-]+)*$`,
);

export const taggedRepository = text(
  'write a repository as it is written in the Dockerfile, with a tag or without, such as quay.io/acme/base or acme/tool:1.2',
  String.raw`^(?:[\w.$\-]|\$\{\w+\})+(?::\d+(?=\/))?(?:\/(?:[\w.$\-]|\$\{\w+\})+)*(?::\w[\w.\-]{0,127})?$`,
);

/** Tried as it will be run, but for the anchors around it, which would close what it leaves open. */
export const repositoryExpression = z
  .string({ error: ({ input }) => (isPlainScalar(input) ? 'a string is expected' : EXPRESSION) })
  .check(z.minLength(1, { error: EXPRESSION }), z.refine(isExpression, { error: EXPRESSION }));

/** The grammar of the distribution specification. */
export const tag = text('write a tag of letters, digits, ".", "_" and "-"', String.raw`^\w[\w.\-]{0,127}$`);

// What a merge request, a branch or a local run pushes begins like this, what is found by its fingerprint or its commit,
// and what tools attach to a digest: none must ever be a published tag.
const NO_CANDIDATE = String.raw`(?!(?:mr|branch|candidate|h|commit|sha256)-)`;
const NO_CANDIDATE_WORDS = 'that does not begin with mr-, branch-, candidate-, h-, commit- or sha256-';

export const publishedTag = text(
  `write a tag of letters, digits, ".", "_" and "-" ${NO_CANDIDATE_WORDS}`,
  String.raw`^${NO_CANDIDATE}\w[\w.\-]{0,127}$`,
);

/** So short that a tag has room for it behind the longest name of a branch and a commit. */
export const variantName = text(
  `write a variant name of letters, digits, ".", "_" and "-", at most 40, ${NO_CANDIDATE_WORDS}`,
  String.raw`^${NO_CANDIDATE}\w[\w.\-]{0,39}$`,
);

export const tagPattern = text(
  'write a tag where {name} stands for a part of it, such as {v}-jdk',
  String.raw`^(?:[\w.\-]|${PLACEHOLDER})+$`,
);

/**
 * Candidates begin with what nothing published does, then say whose they are. So short that a tag has room for the longest
 * branch, a commit and a variant.
 */
export function candidatePattern(prefix: string, placeholder: string) {
  const own = `${prefix}-{${placeholder}}`;
  return text(
    `write a tag that begins with ${own}, such as ${own}-{sha}, with letters, digits, ".", "-" and {sha} behind it, at most 25 characters`,
    String.raw`^(?=.{0,25}$)${prefix}-\{${placeholder}\}(?:[.-](?:[A-Za-z0-9.-]|\{sha\})*)?$`,
  );
}

/** With placeholders of these names alone. */
export function publishedPattern(placeholders: readonly string[]) {
  const known = placeholders.map((name) => `{${name}}`).join(', ');
  return text(
    `write a tag of letters, digits, ".", "_", "-" and ${known}, at most 128 characters, ${NO_CANDIDATE_WORDS}`,
    String.raw`^(?=.{0,128}$)${NO_CANDIDATE}(?![.-])(?:[\w.-]|\{(?:${placeholders.join('|')})\})+$`,
  );
}

/** What stands before the value keeps the tag apart from versions, commits and Git tags. */
export const componentPattern = text(
  `write a tag with {value} in it and a name before that, such as nessie-{value}, ${NO_CANDIDATE_WORDS}`,
  String.raw`^(?=.{0,100}$)${NO_CANDIDATE}[A-Za-z][\w.-]*[._-]\{value\}[\w.-]*$`,
);

/** What `git check-ref-format` refuses in any branch, and the dash that git would read as an option. */
export const branch = text(
  'write the name of a branch, such as main',
  String.raw`^(?!-)(?!.*(?:\.\.|@\{))[^\s\p{Cc}~^:?*\[\\]+$`,
);

export const buildArgName = text(
  'build args are named with letters, digits and "_", not beginning with a digit',
  String.raw`^[A-Za-z_]\w*$`,
);

const buildArgValue = z.string({ error: 'build args are strings' });

export const buildArgs = z.record(buildArgName, buildArgValue, {
  error: 'write a mapping of build args to strings',
});

export const stageName = text(
  'write the name or number of a build stage as a string',
  String.raw`^[A-Za-z0-9][\w.\-]*$`,
);

export const hiddenJob = text(
  'write the name of a hidden job, which begins with ".", such as .kaniko-build',
  String.raw`^\.[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$`,
);

export const runnerTag = text(
  'write the tag of a runner',
  String.raw`^[^\s\p{Cc}](?:[^\p{Cc}]*[^\s\p{Cc}])?$`,
);

const UNIT = '(?:w|weeks?|d|days?|h|hours?|m|minutes?|s|seconds?)';
const TIMEOUT = 'write a time such as 1h 30m or 45 minutes, above 0 and of 30 days at most';
/** GitLab refuses a pipeline in which a job has none of it, or a month (lib/gitlab/ci/config/entry/job.rb). */
export const timeout = text(TIMEOUT, String.raw`^(?=[^1-9]*[1-9])\d+ ?${UNIT}(?: \d+ ?${UNIT})*$`).check(
  z.refine((time) => secondsOf(time) <= 30 * 24 * 3600, { error: TIMEOUT }),
);

/** Kubernetes' quantities: whole or with a fraction, and a suffix. */
export const quantity = text(
  'write a quantity of Kubernetes as a string, such as "2", 500m or 4Gi',
  String.raw`^\d+(?:\.\d+)?(?:m|[kKMGTPE]i?)?$`,
);

/** What GitLab and a generated job bring may not be replaced; what a hidden job leaves to its user may be set. */
export const variableName = text(
  'variables are named with letters, digits and "_", not beginning with a digit or CI_; of those that begin with AFFECTED_ only AFFECTED_FLAG_1, _2, …, AFFECTED_CACHE, AFFECTED_CACHE_TTL and AFFECTED_BUILDER can be set',
  String.raw`^(?!CI_)(?!AFFECTED_(?!(?:FLAG_[1-9]\d*|CACHE|CACHE_TTL|BUILDER)$))[A-Za-z_]\w*$`,
);

export function text(expectation: string, pattern: string) {
  return z
    .string({ error: ({ input }) => (isPlainScalar(input) ? 'a string is expected' : expectation) })
    .check(z.regex(new RegExp(pattern, 'u'), { error: expectation }));
}

const SECONDS: Readonly<Record<string, number>> = { w: 7 * 24 * 3600, d: 24 * 3600, h: 3600, m: 60, s: 1 };

function secondsOf(time: string): number {
  const parts = [...time.matchAll(/(\d+) ?([a-z])/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (SECONDS[unit] ?? 0), 0);
}

function isExpression(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** What becomes a string by putting it into quotes. */
function isPlainScalar(input: unknown): boolean {
  return typeof input === 'number' || typeof input === 'boolean';
}
