import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Build } from './buildable-repository.ts';
import { buildAll, type Built } from './builder.ts';
import { cliJson, type ComparisonJson } from './cli.ts';
import type { FileSpec, TestRepository } from './repository.ts';

/** What became of one image of the later side. */
export interface Outcome {
  name: string;
  /** Whether it could be built on either side; undefined where it does not exist. */
  built: readonly [boolean | undefined, boolean];
  /** Whether what was built is not the same: an image on one side only is not. */
  differs: boolean;
  /** Lines that only one side has, or why there is no image. */
  difference: readonly string[];
  /** The reasons of `affected` for building it. */
  selected: ComparisonJson['affected'][number]['reasons'] | undefined;
}

export interface BuildableSide {
  files: Readonly<Record<string, FileSpec>>;
  /** Of `affected.yml`, which says the same as the builds. */
  settings: unknown;
  builds: readonly Build[];
}

/** Commits both sides, really builds every image of both, and asks `affected` what has to be built between them. */
export async function buildBoth(
  repository: TestRepository,
  before: BuildableSide,
  after: BuildableSide,
): Promise<Outcome[]> {
  const base = await commit(repository, before);
  const oldCheckout = await checkOut(repository);
  const head = await commit(repository, after);
  const newCheckout = await checkOut(repository);
  const [was, is] = await Promise.all([
    buildAll(oldCheckout, before.builds),
    buildAll(newCheckout, after.builds),
  ]);
  await Promise.all([oldCheckout, newCheckout].map((checkout) => rm(checkout, { recursive: true })));
  const { affected } = await cliJson(repository.dir, ['--base', base, '--head', head]);
  const reasons = new Map(affected.map((image) => [image.name, image.reasons]));
  return [...is].map(([name, built]) => {
    const old = was.get(name);
    const differs = old === undefined || textOf(old) !== textOf(built);
    return {
      name,
      built: [old?.ok, built.ok],
      differs,
      difference: differs ? differenceOf(linesOf(old), linesOf(built)) : [],
      selected: reasons.get(name),
    };
  });
}

/** Commits exactly these files. */
async function commit(repository: TestRepository, { files, settings }: BuildableSide): Promise<string> {
  await repository.git('rm', '-r', '-q', '--ignore-unmatch', '.');
  return repository.commit({ ...files, 'affected.yml': stringify(settings) });
}

/** The files of the index as they are checked out, without a .git that a COPY of everything would take. */
async function checkOut(repository: TestRepository): Promise<string> {
  const checkout = await mkdtemp(join(tmpdir(), 'affected-checkout-'));
  await repository.git('checkout-index', '--all', `--prefix=${checkout}/`);
  return checkout;
}

/** All that failed is the same: only the builder's words for it could differ. */
function textOf(built: Built): string {
  return built.ok ? built.lines.join('\n') : '';
}

function linesOf(built: Built | undefined): readonly string[] {
  if (built === undefined) return [];
  return built.ok ? built.lines : [built.error];
}

function differenceOf(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}
