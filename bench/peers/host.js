// What GitLab and its runner are to a job: a bare repository, and a clone with the history that GIT_DEPTH leaves.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes a bare repository with the settings GitLab's has.
 *
 * @param options.history Commits by name, each `{ parents?, files }`: the names of the commits before it (the one
 * above, without any) and what it changes: a path's new file (see repository.js), or null where it is gone.
 * @param options.refs Commits by the refs that name them.
 * @returns The ids of the commits by name.
 */
export function createHost({ directory, history, refs }) {
  mkdirSync(directory, { recursive: true });
  git(directory, ['init', '--quiet', '--bare', '--initial-branch=main']);
  git(directory, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
  git(directory, ['config', 'uploadpack.allowFilter', 'true']);
  const marks = join(directory, 'marks');
  git(directory, ['fast-import', '--quiet', '--force', `--export-marks=${marks}`], importStream(history));
  const byMark = Object.fromEntries(
    readFileSync(marks, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' ')),
  );
  const names = Object.keys(history);
  const ids = Object.fromEntries(names.map((name, index) => [name, byMark[`:${index + 1}`]]));
  for (const [ref, name] of Object.entries(refs)) git(directory, ['update-ref', ref, ids[name]]);
  git(directory, ['update-ref', '-d', 'refs/import']);
  return ids;
}

/**
 * A checkout as GitLab's runner makes it: detached, by the refspecs GitLab hands out. A merge request's has the
 * pipeline's ref only; a branch's has its own remote-tracking branch too, a tag's the tag; none has the target branch.
 *
 * @param options.depth GIT_DEPTH; 0 is all.
 * @param options.submodules Whether they are checked out too.
 * @param options.modules The directory that is linked as `node_modules`.
 */
export function runnerCheckout({
  server,
  directory,
  commit,
  branch,
  tag,
  depth,
  modules,
  submodules = false,
}) {
  git(server, ['update-ref', 'refs/pipelines/7', commit]);
  mkdirSync(directory, { recursive: true });
  git(directory, ['init', '--quiet', '--initial-branch=main']);
  git(directory, ['remote', 'add', 'origin', `file://${server}`]);
  const refspecs = [`+${commit}:refs/pipelines/7`];
  if (branch !== undefined) refspecs.push(`+refs/heads/${branch}:refs/remotes/origin/${branch}`);
  if (tag !== undefined) refspecs.push(`+refs/tags/${tag}:refs/tags/${tag}`);
  const limit = depth === 0 ? [] : [`--depth=${depth}`];
  git(directory, ['fetch', '--quiet', '--no-tags', ...limit, 'origin', ...refspecs]);
  git(directory, ['checkout', '--quiet', '--detach', commit]);
  if (submodules)
    git(directory, ['-c', 'protocol.file.allow=always', 'submodule', 'update', '--quiet', '--init']);
  symlinkSync(modules, join(directory, 'node_modules'));
}

function importStream(history) {
  const names = Object.keys(history);
  const mark = (name) => {
    if (!(name in history)) throw new Error(`there is no commit ${name}`);
    return `:${names.indexOf(name) + 1}`;
  };
  return names
    .map((name, index) => {
      const { parents = names.slice(Math.max(0, index - 1), index), files = {} } = history[name];
      const [first, ...others] = parents;
      const lines = [
        ...(first === undefined ? ['reset refs/import', ''] : []),
        'commit refs/import',
        `mark ${mark(name)}`,
        `committer Someone <someone@example.com> ${1_700_000_000 + index} +0000`,
        data(`${name}\n`),
        ...(first === undefined ? [] : [`from ${mark(first)}`]),
        ...others.map((other) => `merge ${mark(other)}`),
        ...Object.entries(files).map(changeOf),
      ];
      return `${lines.join('\n')}\n`;
    })
    .join('');
}

function changeOf([path, file]) {
  if (file === null) return `D ${path}`;
  const { mode, text, commit } = typeof file === 'string' ? { mode: '100644', text: file } : file;
  return commit === undefined ? `M ${mode} inline ${path}\n${data(text)}` : `M ${mode} ${commit} ${path}`;
}

function data(text) {
  return `data ${Buffer.byteLength(text)}\n${text}`;
}

const environment = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

export function git(cwd, args, input) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd, input, env: environment });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.toString().trim();
}
