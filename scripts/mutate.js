// Removes or inverts each rule of the front end and the inputs in turn and shows that a test fails: `npm run mutate`.
// `-- --rule TEXT` takes the rules whose sentence or file holds TEXT, `-- --changed` those in files that differ from
// the target branch. Everything happens in copies: an aborted run leaves nothing behind in the checkout.
import { execFileSync, fork } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseSync } from 'rolldown/utils';
import { mutations } from './mutations/index.js';

const root = resolve(import.meta.dirname, '..');
// A mutant may run in circles: not to end is to fail. On a busy machine its tests take longer than they should.
const LONGEST = 300_000;

const { values } = parseArgs({
  options: {
    rule: { type: 'string' },
    changed: { type: 'boolean' },
    jobs: { type: 'string' },
    verbose: { type: 'boolean' },
  },
});
const chosen = mutations.filter(isChosen(values));
const mistaken = chosen.flatMap((mutation) => mistakeIn(mutation) ?? []);
if (mistaken.length > 0 || chosen.length === 0) {
  console.error(mistaken.join('\n') || 'No mutation is chosen.');
  process.exit(2);
}

const baseline = [...new Set(chosen.map(({ file }) => file))];
const started = Date.now();
const scratch = mkdtempSync(join(tmpdir(), 'affected-mutate-'));
const survivors = [];
process.on('SIGINT', () => {
  rmSync(scratch, { recursive: true, force: true });
  process.exit(2);
});
try {
  const queue = [{ baseline }, ...chosen];
  const jobs = Math.min(Number(values.jobs ?? availableParallelism()), chosen.length);
  await Promise.all(
    Array.from({ length: jobs }, (_, index) => work(queue, copyTree(join(scratch, `${index}`)))),
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
for (const { rule, file } of survivors) console.log(`SURVIVED ${file}: ${rule}`);
const minutes = ((Date.now() - started) / 60_000).toFixed(1);
console.log(`${chosen.length} mutations, ${survivors.length} survived, ${minutes} minutes`);
process.exit(survivors.length > 0 ? 1 : 0);

function isChosen({ rule, changed }) {
  const git = (...args) => execFileSync('git', args, { cwd: root }).toString().trim().split('\n');
  const files = changed
    ? new Set(git('diff', '--name-only', git('merge-base', 'main', 'HEAD')[0]))
    : undefined;
  return (mutation) =>
    (!files || files.has(mutation.file)) &&
    (rule === undefined || mutation.rule.includes(rule) || mutation.file.includes(rule));
}

/** A text that is not there just once would let a mutation rot without a word. */
function mistakeIn({ rule, file, find, replace }) {
  const parts = readFileSync(join(root, file), 'utf8').split(find);
  if (parts.length !== 2)
    return `${file}: ${rule}: ${JSON.stringify(find)} is there ${parts.length - 1} times`;
  const [error] = parseSync(file, parts.join(replace)).errors;
  return error && `${file}: ${rule}: ${error.message}`;
}

function copyTree(directory) {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const path of listed.toString().split('\0').filter(Boolean)) {
    cpSync(join(root, path), join(directory, path), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  return directory;
}

/** Takes mutations off the queue, one by one, with a warm test runner in `directory`. */
async function work(queue, directory) {
  let runner;
  for (let mutation = queue.shift(); mutation; mutation = queue.shift()) {
    runner ??= startRunner(directory);
    const answer = await runner.ask(mutation);
    if (answer === 'ended') {
      runner = undefined;
      if (mutation.file) cpSync(join(root, mutation.file), join(directory, mutation.file));
    }
    if (mutation.baseline && answer !== 'passed') throw new Error('the tests fail without any mutation');
    if (values.verbose) console.log(answer, mutation.file ?? 'without any mutation', mutation.rule ?? '');
    if (mutation.baseline || answer !== 'passed') continue;
    survivors.push(mutation);
    console.log(`survived: ${mutation.file}: ${mutation.rule}`);
  }
  // Nothing may be left of any mutant, or all after it would have fallen to that.
  runner ??= startRunner(directory);
  if ((await runner.ask({ baseline })) !== 'passed')
    throw new Error('the tests fail after the last mutation');
  runner.stop();
}

function startRunner(directory) {
  // One seed: a mutant is killed in every run or in none.
  const child = fork(join(dirname(import.meta.filename), 'mutations/runner.js'), [], {
    cwd: directory,
    env: { ...process.env, CI: 'true' },
    stdio: ['ignore', 'ignore', values.verbose ? 'inherit' : 'ignore', 'ipc'],
  });
  return {
    stop: () => child.kill(),
    ask: (mutation) =>
      new Promise((done) => {
        const timer = setTimeout(() => child.kill('SIGKILL'), mutation.baseline ? 10 * LONGEST : LONGEST);
        const finish = (answer) => {
          clearTimeout(timer);
          child.removeAllListeners();
          done(answer);
        };
        child.once('message', finish);
        child.once('exit', () => finish('ended'));
        child.send(mutation);
      }),
  };
}
