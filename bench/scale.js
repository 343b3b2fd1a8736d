// A thousand and ten thousand images, against node -e 0: `npm run bench`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateRepository } from './generate.js';
import { affected, measure, NODE, peakMegabytes, report } from './measure.js';

const rounds = Number(process.env.ROUNDS ?? 11);

/** A pipeline that builds everything; nobody listens at its registry, as there is nothing to ask it for. */
const PIPELINE = [
  'GITLAB_CI=true',
  'CI_PIPELINE_SOURCE=schedule',
  'AFFECTED_ALL=1',
  'CI_REGISTRY_IMAGE=localhost:1/x',
];

for (const images of [1_000, 10_000]) {
  const directory = mkdtempSync(join(tmpdir(), 'affected-bench-'));
  try {
    generateRepository(directory, images);
    const changes = { source: 'a source file', dockerfile: 'a Dockerfile', base: 'a base image of many' };
    const subjects = Object.entries(changes).map(([branch, what]) => [
      `affected, ${what} changed`,
      [affected('--base', 'main', '--head', branch)],
    ]);
    const floor = ['node -e 0', [NODE]];
    const generate = affected('generate', '--output', 'child-pipeline.yml');
    const others = [
      ['git ls-tree', [['git', 'ls-tree', '-r', '-z', 'main']]],
      ['generate, all affected, no registry', [['env', ...PIPELINE, 'AFFECTED_ASK_REGISTRY=0', ...generate]]],
      ['generate, all affected, fingerprints', [['env', ...PIPELINE, ...generate]]],
    ];
    const medians = measure({ subjects: [floor, ...subjects, ...others], cwd: directory, rounds });
    report(
      `${images.toLocaleString('en')} images, ${(15 * images).toLocaleString('en')} files, against node -e 0`,
      medians,
      'node -e 0',
    );
    for (const [name, [command]] of subjects) {
      console.log(
        `  ${name.padEnd(40)} ${peakMegabytes(command, directory).toFixed(0).padStart(7)} MB at most`,
      );
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
