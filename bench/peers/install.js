// The other tools, as npm installs them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGES } from './tools.js';

/** Installs them, no other version, into a directory of their own. Returns its `node_modules`. */
export function installPeers(directory) {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ private: true, dependencies: PACKAGES }));
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', args, { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ${args.join(' ')}: ${stderr}`);
  const modules = join(directory, 'node_modules');
  for (const [name, version] of Object.entries(PACKAGES)) {
    const installed = JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')).version;
    if (installed !== version) throw new Error(`${name} ${installed} was installed, not ${version}`);
  }
  return modules;
}
