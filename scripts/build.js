// Bundles the command line into dist/: one file whose parts come to life when they are asked for, and V8's code cache
// of it, because start-up time is a feature.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import loader from '../bin/load-bundle.js';

const root = resolve(import.meta.dirname, '..');

await rm(join(root, 'dist'), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ['src/cli.ts'],
  outfile: loader.BUNDLE,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  minify: true,
  sourcemap: 'linked',
  legalComments: 'linked',
  logLevel: 'warning',
  define: { 'import.meta.dirname': '__dirname' },
  // The same library as ES modules: only what is used of it is bundled.
  alias: { yaml: join(packageDirectory('yaml'), 'browser/index.js') },
});
await writeFile(join(root, loader.CODE_CACHE), await codeCache());

function packageDirectory(name) {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

/** The code cache after a small preview, so that it holds the functions a run needs and not only their outlines. */
async function codeCache() {
  const { exports, script } = loader.loadBundle(root);
  const repository = await mkdtemp(join(tmpdir(), 'affected-build-'));
  try {
    await writeFile(
      join(repository, 'Dockerfile'),
      'ARG BASE=alpine\nFROM ${BASE} AS base\nCOPY --chown=1 a* /\n',
    );
    await writeFile(join(repository, '.dockerignore'), '*.md\n!b.md\n');
    await writeFile(join(repository, 'affected.yml'), 'version: 1\nnames: {.: root}\n');
    for (const args of [
      ['init', '--quiet'],
      ['add', '.'],
      ['commit', '--quiet', '--message', 'warm-up'],
    ]) {
      const identity = ['-c', 'user.name=build', '-c', 'user.email=build@localhost'];
      // Nothing of the user's own git, such as hooks or signing.
      const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
      spawnSync('git', [...identity, ...args], { cwd: repository, env });
    }
    const argv = ['--base', 'HEAD'];
    await exports.run({
      argv,
      env: {},
      cwd: repository,
      version: '',
      isTerminal: false,
      stdout() {},
      stderr() {},
    });
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
  return script.createCachedData();
}
