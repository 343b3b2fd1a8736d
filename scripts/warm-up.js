// What the code caches are taken after: a few small runs.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const SPARK = `# syntax=docker/dockerfile:1
ARG CI_REGISTRY_IMAGE
FROM \${CI_REGISTRY_IMAGE}/java AS build
ARG VERSION=1
RUN --mount=type=cache,target=/root/.cache make \\
  all
FROM \${CI_REGISTRY_IMAGE}/java
COPY --from=build /app /app
COPY src/ /app/
`;

const FILES = {
  'affected.yml': 'version: 1\nnames: {"base/{x}": "{x}"}\n',
  'base/java/Dockerfile': 'ARG BASE=alpine\nFROM ${BASE} AS base\nENV A=b\nCOPY --chown=1 a* /\n',
  'base/java/.dockerignore': '*.md\n!b.md\n',
  'base/java/a.txt': 'a\n',
  'spark/Dockerfile': SPARK,
  'spark/src/main': 'a\n',
};

/**
 * Runs the program on a repository made for it, so that V8 has compiled the functions a run needs.
 *
 * @throws when a run does not end with 0.
 */
export async function warmUp(run) {
  const repository = await mkdtemp(join(tmpdir(), 'affected-build-'));
  try {
    // To build is possible without git; to start is only slower then.
    if (git(repository, 'init', '--quiet').error) return;
    await commit(repository, FILES);
    await commit(repository, { 'base/java/a.txt': 'b\n', 'spark/Dockerfile': `${SPARK}USER 1000\n` });
    await runOne({ run, cwd: repository, argv: [] });
    const env = { CI: 'true', CI_PIPELINE_SOURCE: 'merge_request_event' };
    await runOne({ run, cwd: repository, argv: ['generate', '--output', 'child.yml'], env });
  } finally {
    await rm(repository, { recursive: true, force: true });
  }
}

async function runOne({ run, cwd, argv, env = {} }) {
  const exitCode = await run({
    argv: [...argv, '--base', 'HEAD~1'],
    env,
    cwd,
    version: '',
    isTerminal: false,
    stderrIsTerminal: false,
    stdout() {},
    stderr: (text) => process.stderr.write(text),
  });
  if (exitCode !== 0) throw new Error(`the run that warms the code caches up ended with ${exitCode}`);
}

async function commit(repository, files) {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), text);
  }
  git(repository, 'add', '.');
  git(repository, 'commit', '--quiet', '--message', 'warm-up');
}

function git(cwd, ...args) {
  const identity = ['-c', 'user.name=build', '-c', 'user.email=build@localhost'];
  // Nothing of the user's own git, such as signing; least of all the repository whose hook may have started this.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const settings = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return spawnSync('git', [...identity, ...args], { cwd, env: { ...Object.fromEntries(own), ...settings } });
}
