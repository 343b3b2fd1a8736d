// The process that runs the tests for scripts/mutate.js, in a copy of the repository. It stays warm between mutations.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createVitest } from 'vitest/node';

const directory = process.cwd();
const vitest = await createVitest('test', {
  root: directory,
  watch: false,
  bail: 1,
  pool: 'threads',
  isolate: false,
  maxWorkers: 1,
  fileParallelism: false,
  coverage: { enabled: false },
  reporters: [{}],
});
await vitest.standalone();

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
];

/** The tests that know a file which has none of its own best: its room's take long. */
const NEAREST = {
  'src/commands/args-files.ts': 'test/commands/args-file',
  'src/commands/key-changes.ts': 'test/commands/keyed-inputs',
  'src/commands/read-values.ts': 'test/commands/keyed-inputs',
  'src/commands/same-images.ts': 'test/commands/load-base',
  'src/commands/unowned-policy.ts': 'test/commands/unowned',
  'src/git/tree-listing.ts': 'test/tree',
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
    vitest.invalidateFile(path);
    // The nearest tests first: most mutants fall there.
    for (const tests of testsNear(file)) if (!(await passes(tests))) return 'failed';
    return 'passed';
  } finally {
    writeFileSync(path, text);
    vitest.invalidateFile(path);
  }
}

/** All tests that mutants of these files are asked for. A room that fails by itself would kill each of them. */
function roomsOf(files) {
  return [...new Set(files.flatMap((file) => testsNear(file).flat()))];
}

function testsNear(file) {
  const own = NEAREST[file] ?? `test/${file.slice('src/'.length, -'.ts'.length)}.test.ts`;
  const [, room, inRoom] = file.split('/');
  const rounds = inRoom ? [[`test/${room}`], ROOMS.filter((other) => other !== `test/${room}`)] : [ROOMS];
  return NEAREST[file] || existsSync(resolve(directory, own)) ? [[own], ...rounds] : rounds;
}

// It puts another module in the place of one, which takes a world of its own.
const APART = 'test/commands/verify.test.ts';

async function passes(tests) {
  const found = await vitest.globTestSpecifications(tests);
  const specifications = found.filter(({ moduleId }) => !moduleId.endsWith(APART));
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  const failed = unhandledErrors.length > 0 || testModules.some((module) => module.state() === 'failed');
  return !failed && testModules.length > 0;
}
