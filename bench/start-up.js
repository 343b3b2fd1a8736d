// Start-up and preview beside what they can't be faster than: `npm run bench`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { affected, measure, NODE, report } from './measure.js';

const root = resolve(import.meta.dirname, '..');
const rounds = Number(process.env.ROUNDS ?? 31);

const directory = mkdtempSync(join(tmpdir(), 'affected-bench-'));
try {
  const clone = join(directory, 'clone');
  const { status } = spawnSync('git', ['clone', '--quiet', root, clone]);
  if (status !== 0) throw new Error('git clone failed');
  const base = spawnSync('git', ['rev-list', '--max-parents=0', 'HEAD'], { cwd: clone })
    .stdout.toString()
    .trim();
  const startUp = [
    ['node -e 0', [NODE]],
    ['affected --version', [affected('--version')]],
  ];
  report('Start-up, against node -e 0', measure({ subjects: startUp, cwd: clone, rounds }), 'node -e 0');
  const floor = 'node -e 0 + git diff';
  const preview = [
    [floor, [NODE, ['git', 'diff', '--name-only', base, 'HEAD']]],
    ['affected --since <first commit>', [affected('--since', base)]],
    ['affected --base <first> --head HEAD', [affected('--base', base, '--head', 'HEAD')]],
  ];
  report(
    'Preview of this repository, against node -e 0 + git diff',
    measure({ subjects: preview, cwd: clone, rounds }),
    floor,
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}
