// A history replayed in one process, against one comparison of each commit in a process of its own: `npm run bench`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateHistory, generateRepository } from './generate.js';
import { affected, measure, NODE, peakMegabytes, report } from './measure.js';

const rounds = Number(process.env.ROUNDS ?? 5);
const commits = 500;

for (const images of [100, 1_000]) {
  const directory = mkdtempSync(join(tmpdir(), 'affected-bench-'));
  try {
    generateRepository(directory, images);
    generateHistory(directory, { images, commits });
    const replay = affected('backtest', '--commits', String(commits), '--ref', 'history');
    const subjects = [
      ['node -e 0', [NODE]],
      ['affected, one commit', [affected('--base', 'history~1', '--head', 'history')]],
      [`affected backtest, ${commits} commits`, [replay]],
    ];
    const medians = measure({ subjects, cwd: directory, rounds });
    report(
      `${images.toLocaleString('en')} images, a history of ${commits} commits, against node -e 0`,
      medians,
      'node -e 0',
    );
    const [floor, one, all] = subjects.map(([name]) => medians.get(name));
    const each = (all - floor) / commits;
    console.log(
      `  ${(1000 / each).toFixed(0)} commits a second; each ${(each / one).toFixed(3)} × one in a process of its own`,
    );
    console.log(`  ${peakMegabytes(replay, directory).toFixed(0)} MB at most`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
