import { relative, resolve, sep } from 'node:path';
import { AffectedError } from '../errors.ts';
import type { Publication } from '../gitlab/publication.ts';
import { type BakePlan, planBake } from '../pipeline/bake-plan.ts';
import { pipelineHeader } from '../pipeline/header.ts';
import { renderBake } from '../render/bake.ts';
import { printable } from '../render/printable.ts';
import type { CommandOptions } from '../run.ts';
import type { Compared } from './compare-with-base.ts';
import type { WithRegistry } from './registry-images.ts';

/**
 * The text of the file for `docker buildx bake`, and lines that tell how to use it.
 *
 * @throws AffectedError `usage` for platforms that are none; `bake` for what can't be built by it.
 */
export function bakeFile(
  { comparison, head, registryImages }: Compared & WithRegistry,
  { values, surroundings, publication }: CommandOptions & { publication: Publication },
): { text: string; notes: readonly string[] } {
  const { side, commit, repository } = head;
  const plan = planBake({
    affected: comparison.affected,
    images: side.images,
    snapshot: side.snapshot,
    config: side.config,
    meanings: side.found.meanings,
    publication,
    variables: { CI_COMMIT_SHORT_SHA: commit.slice(0, SHORT_SHA), ...surroundings.env },
    platforms: platformsOf(values.platform),
    published: registryImages.published,
  });
  const file = resolve(surroundings.cwd, values.output as string);
  const inside = relative(repository.root, file);
  return {
    text: renderBake(plan, { header: pipelineHeader(comparison, 'affected.yml') }),
    notes: notesOf(plan, { side, file: inside.startsWith(`..${sep}`) ? file : inside }),
  };
}

/** GitLab's CI_COMMIT_SHORT_SHA. */
const SHORT_SHA = 8;

function platformsOf(option: string | undefined): readonly string[] {
  const platforms = option?.split(',').map((platform) => platform.trim()) ?? [];
  const wrong = platforms.find((platform) => !/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9.]+)?$/.test(platform));
  if (wrong === undefined) return [...new Set(platforms)];
  throw new AffectedError(
    'usage',
    `--platform ${JSON.stringify(wrong)} is none; write them as in linux/amd64,linux/arm64`,
  );
}

function notesOf(
  { targets, groups, instead }: BakePlan,
  { side, file }: { side: Compared['head']['side']; file: string },
): readonly string[] {
  if (targets.length === 0) return [];
  const notes = [
    `Build it in the root of the repository: docker buildx bake --file ${printable(file)}`,
    `Groups: ${[...groups.keys()].join(', ')}`,
  ];
  if (instead !== undefined) {
    notes.push(
      `Nothing tells what ${side.config.registry} is: images are tagged ${instead}/…, and what they are built from is built too; set it to build from what is published`,
    );
  }
  const ignores = [...side.images.values()].some(({ inputs }) => inputs.ignoreFile !== undefined);
  if (ignores && side.config.dockerignore === 'kaniko') {
    notes.push(
      'BuildKit reads .dockerignore by Docker\'s rules, and affected.yml counts changes by Kaniko\'s; with "dockerignore: union" they count by both',
    );
  }
  return notes;
}
