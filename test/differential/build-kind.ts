import type { ImageReference, Inherited } from '../../src/dockerfile/evaluate.ts';
import { DockerfileError, parseDockerfile } from '../../src/dockerfile/parse.ts';
import { type Build, builds, IMAGES } from './builds.ts';
import { type Answer, bytes, type Intended, type Kind } from './kind.ts';
import { evaluateDockerfile } from '../support/evaluate.ts';

type Evaluation = ReturnType<typeof evaluateDockerfile>;

/** Which images and context paths building a target takes in (dockerfile2llb). */
export function buildKind(dockerfiles: readonly string[]): Kind<Build> {
  return {
    name: 'build',
    cases: builds,
    examples: dockerfiles.map((text) => ({ text, args: {}, target: '' })),
    question: ({ text, args, target }) => ({
      Kind: 'build',
      Text: bytes(text),
      Values: args,
      Target: target,
      Images: Object.fromEntries(
        Object.entries(IMAGES).map(([name, { env, onbuild }]) => [name, { Env: env, OnBuild: onbuild }]),
      ),
    }),
    answer,
    intended: INTENDED,
  };
}

interface Needs {
  images: readonly string[];
  sources: readonly string[];
}

function answer(one: Build): Answer {
  try {
    return { value: needsOf(evaluate(one)) };
  } catch (error) {
    if (error instanceof DockerfileError) return { refused: error.message };
    throw error;
  }
}

function evaluate({ text, args, target }: Build): Evaluation {
  return evaluateDockerfile({
    dockerfile: parseDockerfile(text),
    args,
    target: target || undefined,
    inherit,
  });
}

function needsOf({ references, sources }: Evaluation): Needs {
  const paths = new Set(sources.map(({ source, unset }) => (unset.length === 0 ? bytes(source) : '.')));
  return {
    images: [...new Set(references.map(({ reference }) => bytes(fullName(reference))))].sort(),
    // A source that is the whole context leaves nothing to add.
    sources: paths.has('.') ? ['.'] : [...paths].sort(),
  };
}

/** The name as the distribution writes it out. */
function fullName(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  const isHost = rest.length > 0 && /[.:]|^localhost$/.test(first);
  const [host, name] = isHost ? [first, rest.join('/')] : ['docker.io', reference];
  const official = host === 'docker.io' && !name.includes('/');
  const named = `${host}/${official ? 'library/' : ''}${name}`;
  return /:[^/]*$|@/.test(named) ? named : `${named}:latest`;
}

/** What the images that count as this repository's pass on. */
function inherit({ reference }: ImageReference): Inherited | undefined {
  const image = reference.startsWith('reg.io/in/') ? IMAGES[reference] : undefined;
  if (image === undefined) return undefined;
  const pairs = image.env.map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const triggers = image.onbuild.map((trigger) => `ONBUILD ${trigger}\n`).join('');
  const { instructions } = parseDockerfile(`FROM x\n${triggers}`);
  return {
    env: { PATH: path, ...Object.fromEntries(pairs) },
    triggers: instructions.flatMap(({ trigger }) => trigger ?? []),
    complete: true,
  };
}

const INTENDED: readonly Intended<Build>[] = [
  takenAllTheSame("a stage's index is a target, as Docker's first builder had it", /^target stage "\d/),
  takenAllTheSame(
    'a --from that means no earlier stage is an image, as Kaniko has it',
    /^(?:invalid stage index|circular|cannot (?:copy|mount) from stage)/,
  ),
  takenAllTheSame('whether a reference is well-formed is not checked', /invalid reference format/),
  takenAllTheSame(
    'a base whose name is blank for want of an argument is told with the image that names it',
    /^base name \([^)]*\$.*should not be blank/,
  ),
  {
    reason: 'a --from that means the stage itself is an image; BuildKit takes it for a stage in a trigger',
    applies: ({ theirs, ours }) => covers(ours, theirs) && extraImages(ours, theirs).length > 0,
  },
  {
    reason: 'a tmpfs mount makes BuildKit send parts of the context that the build then does not see',
    applies: ({ one, theirs, ours }) =>
      one.text.includes('type=tmpfs') && covers({ value: { ...needsIn(ours), sources: ['.'] } }, theirs),
  },
  {
    reason: 'a variable only a base out of sight can hold makes the whole context count',
    applies: ({ one, theirs, ours }) =>
      covers(ours, theirs) && evaluate(one).sources.some(({ unset }) => unset.length > 0),
  },
  {
    reason: 'Kaniko lets an ENV win over a later ARG of the same name: the sources of both readings count',
    applies: ({ one, theirs, ours }) => covers(ours, theirs) && declaresTwice(one),
  },
];

/** BuildKit refuses it, we do not. */
function takenAllTheSame(reason: string, refusal: RegExp): Intended<Build> {
  return {
    reason,
    applies: ({ theirs, ours }) => ours.refused === undefined && refusal.test(theirs.refused ?? ''),
  };
}

/** Every source of theirs is among ours, and every image; ours has no other but of a stage's own name. */
function covers(ours: Answer, theirs: Answer): boolean {
  if (ours.refused !== undefined || theirs.refused !== undefined) return false;
  const [wider, exact] = [needsIn(ours), needsIn(theirs)];
  return (
    exact.images.every((name) => wider.images.includes(name)) &&
    extraImages(ours, theirs).every((name) => /^docker\.io\/library\/s?\d:latest$/.test(name)) &&
    (wider.sources[0] === '.' || exact.sources.every((source) => wider.sources.includes(source)))
  );
}

function extraImages(ours: Answer, theirs: Answer): string[] {
  return needsIn(ours).images.filter((name) => !needsIn(theirs).images.includes(name));
}

function needsIn({ value }: Answer): Needs {
  return value as Needs;
}

/** An ENV, of this file or of an image, and an ARG set the same name. */
function declaresTwice({ text }: Build): boolean {
  const inherited = Object.values(IMAGES).flatMap(({ env }) => namesIn(env));
  const environment = new Set(['PATH', ...inherited, ...namesIn(wordsOf(text, 'ENV'))]);
  return namesIn(wordsOf(text, 'ARG')).some((name) => environment.has(name));
}

function wordsOf(text: string, keyword: string): string[] {
  const lines = text.split('\n').filter((line) => line.replace('ONBUILD ', '').startsWith(keyword));
  return lines.flatMap((line) => line.split(' '));
}

function namesIn(pairs: readonly string[]): string[] {
  return pairs.map((pair) => pair.split('=')[0] as string);
}
