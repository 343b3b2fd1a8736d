// A made-up repository of many images: fifteen files each, in groups of a hundred, built on each other in a tree.
import { spawnSync } from 'node:child_process';

const BASES = 10;

/** Writes a bare repository with one commit for each change that is measured; the branches name the changes. */
export function generateRepository(directory, images) {
  git(directory, ['init', '--quiet', '--bare', '--initial-branch=main', directory]);
  const files = Array.from({ length: images }, (_, index) => Object.entries(filesOf(index))).flat();
  const leaf = imagePath(images - 1);
  const middle = imagePath(BASES + 1);
  const stream = [
    commit('refs/heads/main', files),
    commit('refs/heads/source', [[`${leaf}/src/f1.py`, 'print("changed")\n']], 'refs/heads/main'),
    commit(
      'refs/heads/dockerfile',
      [[`${leaf}/Dockerfile`, `${dockerfile(images - 1)}USER 1000\n`]],
      'refs/heads/main',
    ),
    commit('refs/heads/base', [[`${middle}/run.sh`, 'exec changed\n']], 'refs/heads/main'),
  ];
  git(directory, ['fast-import', '--quiet', '--done'], `${stream.join('')}done\n`);
}

/**
 * Adds a branch `history` to such a repository: of ten commits, four change source files, two a Dockerfile, and one each
 * an ignore file, a base image's script, and a file of no image; one does nothing but add a file.
 */
export function generateHistory(directory, { images, commits }) {
  const stream = Array.from({ length: commits }, (_, index) => {
    const image = (index * 37) % images;
    const path = imagePath(image);
    const files = [
      [`${path}/src/f${index % 7}.py`, `print(${index})\n`],
      [`${path}/Dockerfile`, `${dockerfile(image)}LABEL change=${index}\n`],
      [`${path}/src/f${index % 5}.py`, `print("${index}")\n`],
      [`${path}/.dockerignore`, `# ${index}\n.git\n**/*.tmp\nREADME.md\n`],
      [`${path}/src/f9.py`, `print(${index})\n`],
      [`${imagePath(BASES + (index % BASES))}/run.sh`, `exec changed ${index}\n`],
      [`docs/${index % 50}.md`, `# ${index}\n`],
      [`${path}/Dockerfile`, `# ${index}\n${dockerfile(image)}`],
      [`${path}/src/more-${index}.py`, 'print()\n'],
      [`${path}/src/f0.py`, `print(${index})\n`],
    ];
    return commit(
      'refs/heads/history',
      [files[index % files.length]],
      index === 0 ? 'refs/heads/main' : undefined,
    );
  });
  git(directory, ['fast-import', '--quiet', '--done'], `${stream.join('')}done\n`);
}

function commit(branch, files, from) {
  const data = (text) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const changes = files.map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
  const parent = from === undefined ? '' : `from ${from}\n`;
  return `commit ${branch}\ncommitter bench <bench@localhost> 1700000000 +0000\n${data('bench')}${parent}${changes.join('')}\n`;
}

function filesOf(index) {
  const path = imagePath(index);
  const files = {
    [`${path}/Dockerfile`]: dockerfile(index),
    [`${path}/.dockerignore`]: `# image ${index}\n.git\n**/*.tmp\nREADME.md\ndocs/\n!docs/${index}\n`,
    [`${path}/README.md`]: `# ${index}\n`,
    [`${path}/run.sh`]: `exec image ${index}\n`,
    [`${path}/requirements.txt`]: `example==${index}\n`,
  };
  for (let file = 0; file < 10; file++) files[`${path}/src/f${file}.py`] = `print(${index}, ${file})\n`;
  return files;
}

/** Ten images on somebody else's, every other one on one of ours; each Dockerfile another text. */
function dockerfile(index) {
  const base =
    index < BASES
      ? 'docker.io/library/python:3.13-slim'
      : `\${CI_REGISTRY_IMAGE}/${imagePath(Math.floor(index / BASES))}`;
  return `# syntax=docker/dockerfile:1
ARG CI_REGISTRY_IMAGE
FROM ${base} AS build
ARG VERSION=1.${index}
WORKDIR /app
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache pip install \\
    --requirement requirements.txt
FROM ${base}
LABEL org.opencontainers.image.title="image ${index}"
ENV APP_HOME=/app PATH=/app/bin:$PATH
COPY --from=build /app /app
COPY --chmod=755 run.sh conf.* /app/
COPY src/ /app/src/
USER 1000:1000
ENTRYPOINT ["/app/run.sh"]
`;
}

function imagePath(index) {
  return `group-${Math.floor(index / 100)}/image-${index}`;
}

function git(directory, args, input) {
  const { status, stderr } = spawnSync('git', ['-C', directory, ...args], {
    input,
    cwd: args[0] === 'init' ? undefined : directory,
  });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}
