import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageGraph, levelsOf } from '../../src/images/graph.ts';
import { compileMeanings } from '../../src/images/resolve.ts';
import { type BakeOptions, type BakePlan, planBake } from '../../src/pipeline/bake-plan.ts';
import { type Files, side } from './snapshot.ts';

/** Plans the images of `files` with the given ones affected, all where none are named, as a merge request does. */
export function bakePlan(
  files: Files,
  settings: NonNullable<Parameters<typeof side>[1]> = {},
  options: Partial<Omit<BakeOptions, 'affected'>> & { affected?: readonly string[] } = {},
): BakePlan {
  const { snapshot, config, images } = side(files, settings);
  const levels = levelsOf(imageGraph(images));
  const names = options.affected ?? [...images.keys()];
  const affected = names
    .toSorted((a, b) => (levels.get(a) as number) - (levels.get(b) as number) || (a < b ? -1 : 1))
    .flatMap((name) => images.get(name) ?? []);
  return planBake({
    images,
    snapshot,
    config,
    meanings: compileMeanings(
      [...images.values()].map(({ image }) => image),
      config,
    ),
    publication: { kind: 'merge-request', iid: '7' },
    variables: {
      CI_REGISTRY_IMAGE: 'registry.example.com/group/project',
      CI_MERGE_REQUEST_IID: '7',
      CI_COMMIT_SHORT_SHA: '1a2b3c4d',
    },
    platforms: [],
    published: new Map(),
    ...options,
    affected,
  });
}

/** What `docker buildx bake --print` reads of a file. */
export interface PrintedBake {
  group: Record<string, { targets: string[] }>;
  target: Record<
    string,
    {
      context: string;
      dockerfile: string;
      target?: string;
      contexts?: Record<string, string>;
      args?: Record<string, string>;
      tags?: string[];
      platforms?: string[];
    }
  >;
}

/** The real buildx, by its command and first arguments; undefined where this machine has none, which is said. */
export function findBuildx(): readonly string[] | undefined {
  const candidates = [
    ...(process.env['BUILDX'] ? [[process.env['BUILDX']]] : []),
    ['buildx'],
    ['docker', 'buildx'],
    [join(process.env['GOPATH'] ?? join(homedir(), 'go'), 'bin/buildx')],
  ];
  const found = candidates.find(
    ([command = '', ...args]) => spawnSync(command, [...args, 'version']).status === 0,
  );
  if (!found) {
    process.stderr.write(
      'Not tested against docker buildx, which is not here: `go install github.com/docker/buildx/cmd/buildx@v0.37.0`, or say with BUILDX where it is\n',
    );
  }
  return found;
}

/** What the real buildx makes of a bake file. Throws with what it says of one that it refuses. */
export function printBake(
  buildx: readonly string[],
  text: string,
  groups: readonly string[] = [],
): PrintedBake {
  const directory = mkdtempSync(join(tmpdir(), 'affected-bake-'));
  try {
    writeFileSync(join(directory, 'docker-bake.json'), text);
    const [command = '', ...first] = buildx;
    const argv = [...first, 'bake', '--print', '--file', 'docker-bake.json', ...groups];
    const env = { PATH: process.env['PATH'], HOME: directory, EVIL: 'interpolated' };
    const { status, stdout, stderr } = spawnSync(command, argv, { cwd: directory, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    const printed = JSON.parse(stdout) as PrintedBake;
    // It escapes args again, and nothing else of what is used here (MarshalJSON of Target in buildx's bake/bake.go).
    for (const { args = {} } of Object.values(printed.target)) {
      for (const [name, value] of Object.entries(args)) args[name] = value.replaceAll(/([$%])\1\{/g, '$1{');
    }
    return printed;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
