// The process that runs the tests for scripts/mutate.js, in a copy of the repository. It stays warm between mutations.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createVitest } from 'vitest/node';

const directory = process.cwd();
// It puts another module in the place of one, which takes a world of its own: it is asked only where it is the nearest.
const APART = 'test/commands/verify.test.ts';
const worlds = [await startVitest({ isolate: false }), await startVitest({ isolate: true })];

const ROOMS = [
  'test/dockerfile',
  'test/images',
  'test/values',
  'test/tree',
  'test/affected',
  'test/commands/never-miss',
  'test/commands/explain',
  'test/commands/args-file',
  'test/commands/keyed-inputs',
  'test/commands/unowned',
  'test/commands/variants',
  'test/commands/load-base',
  'test/commands/ignore-files-read',
  'test/commands/linked-inputs',
];

/** The tests that know a file which has none of its own best: its room's take long. */
const NEAREST = {
  'src/images/merged-runner.ts': 'test/commands/runner',
  'src/pipeline/runner-keywords.ts': 'test/commands/runner',
  'src/commands/check-runner.ts': 'test/commands/check-builders',
  'src/commands/args-files.ts': 'test/commands/args-file',
  'src/commands/key-changes.ts': 'test/commands/keyed-inputs',
  'src/commands/read-values.ts': 'test/commands/keyed-inputs',
  'src/commands/same-images.ts': 'test/commands/load-base',
  'src/commands/backtest-summary.ts': 'test/commands/backtest',
  'src/commands/load-fingerprints.ts': APART,
  'src/commands/open-registry.ts': [
    'test/commands/open-registry',
    'test/commands/registry-images',
    'test/commands/reuse',
  ],
  'src/commands/find-bases.ts': ['test/commands/registry-images', 'test/commands/reuse'],
  'src/commands/find-reused.ts': 'test/commands/reuse',
  'src/commands/join-images.ts': ['test/commands/registry-images', 'test/commands/reuse'],
  'src/commands/join-unaffected.ts': 'test/commands/reuse',
  'src/commands/registry-images.ts': ['test/commands/registry-images', 'test/commands/reuse'],
  'src/commands/pipeline-files.ts': 'test/commands/generate-waves',
  'src/commands/replay.ts': 'test/commands/backtest',
  'src/commands/unowned-policy.ts': 'test/commands/unowned',
  'src/commands/move-tags.ts': 'test/commands/publish-faults',
  'src/commands/inspect-images.ts': 'test/commands/publish-faults',
  'src/commands/sign-keyless.ts': 'test/commands/publish-plan',
  'src/commands/publish.ts': 'test/commands/publish-plan',
  'src/commands/walk-history.ts': 'test/commands/backtest',
  'src/affected/directory-rules.ts': 'test/affected/tally',
  'src/git/tree-listing.ts': 'test/tree',
  'src/dockerfile/argument-values.ts': 'test/images/component',
  'src/dockerfile/label-names.ts': 'test/pipeline/labels',
  'src/pipeline/canonical-reference.ts': 'test/pipeline/labels',
  'src/pipeline/fingerprint-tag.ts': ['test/commands/registry-images', 'test/commands/reuse'],
  'src/pipeline/image-tags.ts': ['test/pipeline/tag-policy', 'test/commands/reuse'],
  'src/gitlab/builds-afresh.ts': 'test/commands/reuse',
  'src/pipeline/published-tags.ts': 'test/pipeline/tag-policy',
  'src/pipeline/tag-claims.ts': 'test/pipeline/tag-policy',
  'src/pipeline/tag-patterns.ts': 'test/pipeline/tag-policy',
  'src/render/backtest.ts': 'test/commands/backtest',
};

/** Tests in another room that know one best, after its own. */
const BESIDE = {
  fingerprint: ['test/commands/verdict'],
  http: ['test/registry', 'test/gitlab/send', 'test/gitlab/api'],
  init: ['test/commands/init'],
};

process.on('message', async (mutation) => {
  process.send(await run(mutation));
});

async function run({ baseline, file, find, replace }) {
  if (baseline) return (await passes(roomsOf(baseline))) ? 'passed' : 'failed';
  const path = resolve(directory, file);
  const text = readFileSync(path, 'utf8');
  try {
    writeFileSync(path, text.split(find).join(replace));
    for (const vitest of worlds) vitest.invalidateFile(path);
    // The nearest tests first: most mutants fall there.
    for (const tests of testsNear(file)) if (!(await passes(tests))) return 'failed';
    return 'passed';
  } finally {
    writeFileSync(path, text);
    for (const vitest of worlds) vitest.invalidateFile(path);
  }
}

/** All tests that mutants of these files are asked for. A room that fails by itself would kill each of them. */
function roomsOf(files) {
  return [...new Set(files.flatMap((file) => testsNear(file).flat()))];
}

function testsNear(file) {
  const own = NEAREST[file] ?? `test/${file.slice('src/'.length, -'.ts'.length)}.test.ts`;
  const [, room, inRoom] = file.split('/');
  const others = ROOMS.filter((other) => other !== `test/${room}`);
  const beside = BESIDE[room] ? [BESIDE[room]] : [];
  const rounds = inRoom ? [[`test/${room}`], ...beside, others] : [ROOMS];
  return NEAREST[file] || existsSync(resolve(directory, own)) ? [[own].flat(), ...rounds] : rounds;
}

async function startVitest({ isolate }) {
  const vitest = await createVitest('test', {
    root: directory,
    watch: false,
    bail: 1,
    pool: 'threads',
    isolate,
    maxWorkers: 1,
    fileParallelism: false,
    // That a machine is busy is no reason for a mutant to fall.
    testTimeout: 60_000,
    coverage: { enabled: false },
    reporters: [{}],
  });
  await vitest.standalone();
  return vitest;
}

async function passes(tests) {
  const [shared, apart] = worlds;
  const others = tests.filter((each) => each !== APART);
  if (others.length < tests.length && !(await passesIn(apart, [APART]))) return false;
  return others.length === 0 || passesIn(shared, others);
}

async function passesIn(vitest, tests) {
  const found = await vitest.globTestSpecifications(tests);
  const specifications =
    vitest === worlds[0] ? found.filter(({ moduleId }) => !moduleId.endsWith(APART)) : found;
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  // It tells of all modules that it has ever run: one that fell to an earlier mutant is still there.
  const asked = new Set(specifications.map(({ moduleId }) => moduleId));
  const ran = testModules.filter(({ moduleId }) => asked.has(moduleId));
  const failed = unhandledErrors.length > 0 || ran.some((module) => module.state() === 'failed');
  return !failed && ran.length > 0;
}
