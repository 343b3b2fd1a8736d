// Changes that need no history: each a commit, held against the one before it.
import { lockFile } from './declarations.js';
import { declaredFiles } from './declared.js';
import { executable, FROM, imageFiles, repositoryFiles, submodule, VENDORED } from './repository.js';

const vendored = { 'images/spark/vendor': submodule(VENDORED.after) };

/**
 * Each `{ title, parent?, files, submodules?, right, all? }`: what changes, from `first` or another commit, whether
 * submodules are checked out, the images that are affected, and how many there are where not as many as at `first`.
 */
export const changes = [
  {
    title: 'A file of an image that others are built FROM',
    files: { 'images/java/install.sh': executable('#!/bin/sh\necho installed\n') },
    right: ['hive', 'java', 'spark', 'trino'],
  },
  {
    title: 'A file of an image that nothing is built FROM',
    files: { 'images/airflow/dags/daily.py': 'print("daily")\n' },
    right: ['airflow'],
  },
  ...twice({
    title: 'A program that another image takes with `COPY --from`',
    declared: 'with that edge declared',
    files: { 'images/tools/wait.go': 'package main\n\nfunc main() {}\n' },
    right: ['hive', 'tools'],
  }),
  ...twice({
    title: 'A file in a directory that another image copies too',
    declared: 'with that edge declared',
    files: { 'images/spark/conf/spark.conf': 'cores=4\n' },
    right: ['notebook', 'spark'],
  }),
  ...twice({
    title: 'A file that a symbolic link of another image leads to',
    declared: 'with that edge declared',
    files: { 'images/tools/log.properties': 'level=debug\n' },
    right: ['hive', 'tools', 'trino'],
  }),
  ...twice({
    title: 'A file that `.dockerignore` keeps out',
    declared: 'with its directory declared as read by no build',
    files: { 'images/dbt/docs/orders.md': 'what orders are\n' },
    right: [],
  }),
  {
    title: 'A README that no instruction copies',
    files: { 'images/base/README.md': '# The base of all\n' },
    right: [],
  },
  {
    title: 'A comment in a Dockerfile',
    files: {
      'images/python/Dockerfile':
        '# Python\nFROM registry.example.com/acme/base:latest\nCOPY requirements.txt /\n',
    },
    right: [],
  },
  {
    title: 'A file that moves from one image to another',
    files: { 'images/hive/bin/start.sh': null, 'images/airflow/dags/start.sh': '#!/bin/sh\n' },
    right: ['airflow', 'hive'],
  },
  {
    title: 'A file that may be executed no more',
    files: { 'images/java/install.sh': { mode: '100644', text: '#!/bin/sh\n' } },
    right: ['hive', 'java', 'spark', 'trino'],
  },
  {
    title: 'A submodule at another commit, checked out',
    files: vendored,
    submodules: true,
    right: ['spark'],
  },
  {
    title: 'A submodule at another commit, not checked out: GitLab’s default',
    files: vendored,
    right: ['spark'],
  },
  {
    title: 'A file with a name that is not ASCII',
    files: { 'images/airflow/dags/größe.py': 'print("size")\n' },
    right: ['airflow'],
  },
  {
    title: 'A new image',
    files: {
      ...imageFiles('flink', {
        from: 'java',
        lines: 'COPY conf/ /opt/flink/\n',
        files: { 'conf/flink.conf': '1\n' },
      }),
      'package-lock.json': lockFile({ ...FROM, flink: ['java'] }),
    },
    right: ['flink'],
    all: 11,
  },
  {
    title: 'An image that is deleted',
    files: {
      ...Object.fromEntries(
        Object.keys(repositoryFiles())
          .filter((path) => path.startsWith('images/dbt/'))
          .map((path) => [path, null]),
      ),
      'package-lock.json': lockFile(
        Object.fromEntries(Object.entries(FROM).filter(([name]) => name !== 'dbt')),
      ),
    },
    right: [],
    all: 9,
  },
  {
    title: 'A file at the root that no image reads',
    files: { 'NOTES.txt': 'more notes\n' },
    right: [],
  },
];

/** The commits of all changes; a change's commit is `change <index>`. */
export const history = {
  first: { files: repositoryFiles() },
  declared: { files: declaredFiles },
  ...Object.fromEntries(
    changes.map(({ parent = 'first', files }, index) => [`change ${index}`, { parents: [parent], files }]),
  ),
};

/** The same change of what nobody told the other tools of, and of what they were told of. */
function twice({ title, declared, ...change }) {
  return [
    { title, ...change },
    { title: `– the same, ${declared}`, parent: 'declared', ...change },
  ];
}
