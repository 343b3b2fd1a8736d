import { AffectedError } from '../errors.ts';
import { renderImageExplanation, renderPathExplanation } from '../render/explain.ts';
import { printableJson } from '../render/printable.ts';
import type { CommandFunction } from '../run.ts';
import { isDirectory } from '../tree.ts';
import { compare } from './compare.ts';
import type { Compared } from './compare-with-base.ts';
import { explainOnePath } from './explain-one-path.ts';
import { exitCodeFor } from './strict.ts';
import { failOnUnowned } from './unowned-policy.ts';
import { repositoryPath } from './what-if.ts';

/** `affected explain IMAGE|PATH`: the chain to an image, or what a path can affect. An image's name goes first. */
export const explain: CommandFunction = async (options) => {
  const { values, surroundings, positionals } = options;
  const compared = await compare({ ...options, includeWorkingTree: true, anyPath: true });
  const { comparison } = compared;
  const subject = await findSubject(compared, positionals[0] ?? '');
  if (subject.kind === 'image') {
    const { name } = subject;
    const removed = comparison.removed.some((image) => image.name === name);
    const reasons = comparison.affected.find(({ image }) => image.name === name)?.reasons ?? [];
    surroundings.stdout(
      values.json
        ? printableJson({ image: name, affected: reasons.length > 0, removed, reasons })
        : renderImageExplanation(name, comparison),
    );
  } else {
    const explanation = await explainOnePath(compared, subject.path);
    surroundings.stdout(values.json ? printableJson(explanation) : renderPathExplanation(explanation));
  }
  return Math.max(exitCodeFor(comparison, values), failOnUnowned(comparison, options));
};

type Subject = { kind: 'image'; name: string } | { kind: 'path'; path: string };

/** An image by its name; a file of either side, or one that `--what-if` names; an image by its directory or repository. */
async function findSubject({ head, base, changes }: Compared, named: string): Promise<Subject> {
  const sides = [head.side, base].filter((side) => side !== undefined);
  if (sides.some(({ images }) => images.has(named))) return { kind: 'image', name: named };
  const path = await repositoryPath({ repository: head.repository, cwd: head.cwd, named });
  const isFile = sides.some(({ tree }) => tree.get(path) !== undefined);
  if (isFile || changes.some((change) => change.path === path)) return { kind: 'path', path };
  const images = sides.flatMap((side) => [...side.images.values()].map(({ image }) => image));
  const called = new Set(images.filter(({ repository }) => repository === named).map(({ name }) => name));
  if (called.size > 1) throw severalVariants(named, called);
  const inDirectory = images.filter(({ directory }) => directory === path).map(({ name }) => name);
  const there = called.size > 0 ? called : new Set(inDirectory);
  const [only] = there;
  if (only !== undefined && there.size === 1) return { kind: 'image', name: only };
  if (sides.some(({ tree }) => isDirectory(tree, path))) throw ambiguousDirectory(named, there);
  throw await unknownSubject(
    named,
    images.map(({ name }) => name),
  );
}

function severalVariants(named: string, variants: ReadonlySet<string>): AffectedError {
  const names = [...variants].sort().join(', ');
  return new AffectedError(
    'unknown-subject',
    `${JSON.stringify(named)} has variants, each an image of its own; name one of ${names}`,
  );
}

function ambiguousDirectory(named: string, images: ReadonlySet<string>): AffectedError {
  const what =
    images.size === 0 ? 'is a directory' : `is the directory of the images ${[...images].join(', ')}`;
  return new AffectedError('unknown-subject', `${JSON.stringify(named)} ${what}; name one image or one file`);
}

async function unknownSubject(named: string, images: readonly string[]): Promise<AffectedError> {
  const { nearestKey } = await import('../config/nearest-key.ts');
  const nearest = nearestKey(named, images);
  const advice =
    nearest === undefined ? 'for a file that is yet to come, add --what-if FILE' : `do you mean ${nearest}?`;
  return new AffectedError(
    'unknown-subject',
    `${JSON.stringify(named)} is neither an image nor a file of this repository; ${advice}`,
  );
}
