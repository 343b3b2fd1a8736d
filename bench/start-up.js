// Start-up and preview beside what they can't be faster than, in turn and in one run: `npm run bench`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const bin = join(root, 'bin/affected.js');
const rounds = Number(process.env.ROUNDS ?? 31);

/** Each subject's median milliseconds, the subjects taking turns so that a slow moment hits all of them. */
function measure(subjects, cwd) {
  const times = new Map(subjects.map(([name]) => [name, []]));
  for (let round = -2; round < rounds; round++) {
    for (const [name, commands] of subjects) {
      const start = performance.now();
      for (const [program, ...args] of commands) {
        const { status, stderr } = spawnSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
        if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
      }
      // The first rounds only warm the caches.
      if (round >= 0) times.get(name).push(performance.now() - start);
    }
  }
  return new Map([...times].map(([name, all]) => [name, all.sort((a, b) => a - b)[all.length >> 1]]));
}

function report(title, medians, base) {
  console.log(title);
  for (const [name, median] of medians) {
    const ratio = (median / medians.get(base)).toFixed(2);
    console.log(`  ${name.padEnd(34)} ${median.toFixed(1).padStart(7)} ms  ${ratio.padStart(5)} ×`);
  }
}

const directory = mkdtempSync(join(tmpdir(), 'affected-bench-'));
try {
  const clone = join(directory, 'clone');
  const { status } = spawnSync('git', ['clone', '--quiet', root, clone]);
  if (status !== 0) throw new Error('git clone failed');
  const base = spawnSync('git', ['rev-list', '--max-parents=0', 'HEAD'], { cwd: clone })
    .stdout.toString()
    .trim();
  const node = [process.execPath, '-e', '0'];
  const run = (...args) => [[process.execPath, bin, ...args]];
  report(
    'Start-up, against node -e 0',
    measure(
      [
        ['node -e 0', [node]],
        ['affected --version', run('--version')],
      ],
      clone,
    ),
    'node -e 0',
  );
  const floor = 'node -e 0 + git diff';
  report(
    'Preview of this repository, against node -e 0 + git diff',
    measure(
      [
        [floor, [node, ['git', 'diff', '--name-only', base, 'HEAD']]],
        ['affected --since <first commit>', run('--since', base)],
        ['affected --base <first> --head HEAD', run('--base', base, '--head', 'HEAD')],
      ],
      clone,
    ),
    floor,
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}
