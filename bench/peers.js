// The same checkouts given to nx, turbo, moon and lage; writes docs/peers.md: `npm run bench:peers`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { askChanges, askSituations } from './peers/ask-all.js';
import { installPeers } from './peers/install.js';
import { page } from './peers/page.js';
import { timeTools } from './peers/timing.js';
import { environment } from './peers/tools.js';

const root = resolve(import.meta.dirname, '..');

const scratch = mkdtempSync(join(tmpdir(), 'affected-peers-'));
try {
  const modules = installPeers(join(scratch, 'tools'));
  const home = join(scratch, 'home');
  mkdirSync(home);
  const env = environment(home);
  const options = { scratch, modules, env };
  const situations = await askSituations(options);
  const changes = await askChanges(options);
  const [{ cwd, base, head }] = changes;
  const times = timeTools({ cwd, base, head, modules, env });
  const git = spawnSync('git', ['--version'], { encoding: 'utf8' }).stdout.trim().replace(' version', '');
  const machine = `Node.js ${process.version.slice(1)}, ${git}`;
  writeFileSync(join(root, 'docs/peers.md'), `${page({ situations, changes, times, machine, scratch })}\n`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
