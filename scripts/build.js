// Bundles the command line into dist/: one file whose parts come to life when they are asked for, and V8's code cache
// of it, because start-up time is a feature.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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
    const files = {
      'affected.yml': 'version: 1\nnames: {"base/{x}": "{x}"}\n',
      'base/java/Dockerfile': 'ARG BASE=alpine\nFROM ${BASE} AS base\nENV A=b\nCOPY --chown=1 a* /\n',
      'base/java/.dockerignore': '*.md\n!b.md\n',
      'base/java/a.txt': 'a\n',
      'spark/Dockerfile': `# syntax=docker/dockerfile:1
ARG CI_REGISTRY_IMAGE
FROM \${CI_REGISTRY_IMAGE}/java AS build
ARG VERSION=1
RUN --mount=type=cache,target=/root/.cache make \\
  all
FROM \${CI_REGISTRY_IMAGE}/java
COPY --from=build /app /app
COPY src/ /app/
`,
      'spark/src/main': 'a\n',
    };
    const git = (...args) => {
      const identity = ['-c', 'user.name=build', '-c', 'user.email=build@localhost'];
      // Nothing of the user's own git, such as signing; least of all the repository whose hook may have started this.
      const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
      const settings = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
      const env = { ...Object.fromEntries(own), ...settings };
      return spawnSync('git', [...identity, ...args], { cwd: repository, env });
    };
    const commit = async (changed) => {
      for (const [path, text] of Object.entries(changed)) {
        await mkdir(dirname(join(repository, path)), { recursive: true });
        await writeFile(join(repository, path), text);
      }
      git('add', '.');
      git('commit', '--quiet', '--message', 'warm-up');
    };
    // To build is possible without git; to start is only slower then.
    if (git('init', '--quiet').error) return script.createCachedData();
    await commit(files);
    await commit({ 'base/java/a.txt': 'b\n', 'spark/Dockerfile': `${files['spark/Dockerfile']}USER 1000\n` });
    const argv = ['--base', 'HEAD~1'];
    const exitCode = await exports.run({
      argv,
      env: {},
      cwd: repository,
      version: '',
      isTerminal: false,
      stderrIsTerminal: false,
      stdout() {},
      stderr: (text) => process.stderr.write(text),
    });
    if (exitCode !== 0) throw new Error(`the preview that warms the code cache up ended with ${exitCode}`);
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
  return script.createCachedData();
}
