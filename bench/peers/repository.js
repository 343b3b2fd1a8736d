// The repository that is asked about: images, each of them an npm workspace too, so that every tool has what its own
// documentation asks for. `affected` reads the Dockerfiles; the others read what is declared beside them.
import { declarations, json, lockFile, settings } from './declarations.js';

/** Where a file is a link or may be executed, it is an object instead of its text. */
export const link = (target) => ({ mode: '120000', text: target });
export const executable = (text) => ({ mode: '100755', text });
/** A submodule at a commit. */
export const submodule = (commit) => ({ mode: '160000', commit });

/** The submodule's history: `createHost` makes the same ids of it each time. */
export const vendorHistory = {
  before: { files: { 'driver.txt': '1\n' } },
  after: { files: { 'driver.txt': '2\n' } },
};
export const VENDORED = {
  before: 'eed5e520e766793b6175dc8fd1b5d56e9c85b01e',
  after: 'f9f8d7b0bd98d08fe24a2bbe89c8cb36b55178d8',
};

const IMAGES = {
  base: {
    dockerfile: 'FROM docker.io/library/debian:13-slim\nCOPY files/ /\n',
    files: { 'files/etc/motd': 'hello\n' },
  },
  java: {
    from: 'base',
    lines: 'COPY install.sh /tmp/\n',
    files: { 'install.sh': executable('#!/bin/sh\n') },
  },
  python: { from: 'base', lines: 'COPY requirements.txt /\n', files: { 'requirements.txt': 'uv==0.9\n' } },
  tools: {
    dockerfile: 'FROM docker.io/library/golang:1.25\nCOPY . /src\n',
    files: { 'wait.go': 'package main\n', 'log.properties': 'level=info\n' },
  },
  spark: {
    from: 'java',
    lines: 'COPY conf/ /opt/spark/conf/\nCOPY vendor/ /opt/spark/jars/\n',
    files: {
      'conf/spark.conf': 'cores=2\n',
      'conf/größe.conf': 'size=1\n',
      vendor: submodule(VENDORED.before),
    },
  },
  // Takes a program out of another image.
  hive: {
    from: 'java',
    lines: 'COPY --from=registry.example.com/acme/tools:latest /src/wait /usr/bin/\nCOPY bin/ /opt/hive/\n',
    files: { 'bin/start.sh': '#!/bin/sh\n' },
  },
  // Its settings are a link to another image's.
  trino: {
    from: 'java',
    context: '.',
    lines: 'COPY images/trino/log.properties images/trino/etc /etc/trino/\n',
    files: { 'log.properties': link('../tools/log.properties'), 'etc/node.properties': 'node=1\n' },
  },
  // Copies another image's directory.
  notebook: {
    from: 'python',
    context: '.',
    lines: 'COPY images/spark/conf/ /opt/conf/\nCOPY images/notebook/app/ /app/\n',
    files: { 'app/main.py': 'print()\n' },
  },
  airflow: { from: 'python', lines: 'COPY . /app/\n', files: { 'dags/daily.py': 'print()\n' } },
  // Leaves a part of its directory out of what it copies.
  dbt: {
    from: 'python',
    lines: 'COPY . /app/\n',
    files: {
      '.dockerignore': 'docs/\n*.md\n',
      'models/orders.sql': 'select 1\n',
      'docs/orders.md': 'orders\n',
    },
  },
};

export const imageNames = Object.keys(IMAGES);

/** The images each image is built FROM: what the other tools are told. */
export const FROM = Object.fromEntries(
  Object.entries(IMAGES).map(([name, { from }]) => [name, from === undefined ? [] : [from]]),
);

/** All files of the repository, by path. */
export function repositoryFiles() {
  const files = { ...rootFiles() };
  for (const name of imageNames) Object.assign(files, imageFiles(name, IMAGES[name]));
  return files;
}

/** The files of one image, `images/<name>/…`. */
export function imageFiles(name, { from, dockerfile, lines = '', files }) {
  const own = {
    Dockerfile: dockerfile ?? `FROM registry.example.com/acme/${from}:latest\n${lines}`,
    'README.md': `# ${name}\n`,
    ...declarations(name, from === undefined ? [] : [from]),
    ...files,
  };
  return Object.fromEntries(Object.entries(own).map(([path, file]) => [`images/${name}/${path}`, file]));
}

function rootFiles() {
  return {
    'affected.yml': affectedYml(),
    'package.json': json({
      name: 'acme',
      version: '1.0.0',
      private: true,
      packageManager: 'npm@10.8.2',
      workspaces: ['images/*'],
    }),
    'package-lock.json': lockFile(FROM),
    ...settings(),
    '.moon/workspace.yml': 'projects: ["images/*"]\nvcs:\n  defaultBranch: main\ntelemetry: false\n',
    '.gitignore': 'node_modules\n.nx/\n.turbo/\n.moon/cache/\n',
    '.gitmodules': '[submodule "vendor"]\n\tpath = images/spark/vendor\n\turl = ../vendor.git\n',
    'NOTES.txt': 'notes\n',
  };
}

function affectedYml() {
  const contexts = Object.entries(IMAGES)
    .filter(([, { context }]) => context !== undefined)
    .map(([name, { context }]) => `  images/${name}: { context: "${context}" }\n`);
  return `version: 1\nregistry: registry.example.com/acme\nnames:\n  images/{x}: "{x}"\nimages:\n${contexts.join('')}`;
}
