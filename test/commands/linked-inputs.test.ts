import { describe, expect, test } from 'vitest';
import { cliJson, namesOf } from '../support/cli.ts';
import { createRepository, type FileSpec } from '../support/repository.ts';

type Files = Record<string, FileSpec>;
const app = { 'app/Dockerfile': 'FROM scratch\n' };

/** The images that the second commit affects, and the paths it leaves to nobody. */
async function answer(files: Files, changes: Files): Promise<[string[], string[]]> {
  const repository = await createRepository();
  const base = await repository.commit(files);
  await repository.commit(changes);
  const json = await cliJson(repository.dir, ['--base', base, '--head', 'HEAD']);
  return [namesOf(json), json.unowned];
}

const inputs = (path: string, keys = '') => `inputs: [{paths: [${path}], ${keys}images: [app]}]\n`;

describe('a declared input behind a symbolic link', () => {
  const byFile = { ...app, 'cfg/v.yml': { symlink: '../real.yml' }, 'real.yml': 'a: 1\n' };
  const nested = {
    ...app,
    cfg: { symlink: 'near' },
    'near/in': { symlink: '../far' },
    'far/v.yml': 'a: 1\n',
  };
  const byDirectory = { ...app, cfg: { symlink: 'real' }, 'real/v.yml': 'a: 1\n' };
  test.each<[string, Files, Files]>([
    ['changed', byFile, { 'real.yml': 'a: 2\n' }],
    ['deleted', byFile, { 'real.yml': null }],
    ['changed in a linked directory', byDirectory, { 'real/v.yml': 'a: 2\n' }],
    ['deleted in a linked directory', byDirectory, { 'real/v.yml': null }],
    ['changed behind a link in a linked directory', nested, { 'far/v.yml': 'a: 2\n' }],
  ])('%s', async (_, files, changes) => {
    const path = 'near/in' in files ? 'cfg/in/v.yml' : 'cfg/v.yml';
    const plain = { ...files, 'affected.yml': inputs(path) };
    expect(await answer(plain, changes)).toEqual([['app'], []]);
    expect((await answer({ ...files, 'affected.yml': inputs(path, 'keys: [a], ') }, changes))[0]).toEqual([
      'app',
    ]);
    // Also where another Dockerfile changes, so that only some of the images are read again.
    const other = { ...plain, 'other/Dockerfile': 'FROM scratch\n' };
    expect((await answer(other, { ...changes, 'other/Dockerfile': 'FROM scratch\nUSER a\n' }))[0]).toEqual([
      'app',
      'other',
    ]);
  });

  test('is not named by a glob that names something else', async () => {
    const files = { ...byDirectory, 'affected.yml': inputs('cfg/w.yml') };
    expect(await answer(files, { 'real/v.yml': 'a: 2\n' })).toEqual([[], ['real/v.yml']]);
  });
});

describe('a submodule behind a symbolic link', () => {
  const submodule = (digit: string) => ({ submodule: digit.repeat(40) });
  test.each<[string, Files]>([
    ['to something in it', { 'app/cfg': { symlink: 'sub/conf' } }],
    ['to the submodule', { 'app/cfg': { symlink: 'sub' } }],
    ['to what holds it', { 'app/cfg': { symlink: '.' } }],
    ['to the repository', { 'app/cfg': { symlink: '..' } }],
  ])('%s', async (_, link) => {
    const files = { 'app/Dockerfile': 'FROM scratch\nCOPY cfg /x\n', ...link, 'app/sub': submodule('1') };
    expect((await answer(files, { 'app/sub': submodule('2') }))[0]).toEqual(['app']);
  });
});

describe('a submodule behind the link of a declared input', () => {
  const submodule = (digit: string) => ({ submodule: digit.repeat(40) });
  test.each<[string, string, string, string]>([
    ['to the submodule', 'cfg', 'cfg', ''],
    ['to something in it', 'sub/conf', 'cfg', ''],
    ['to what holds it', '.', 'cfg/sub', ''],
    ['to a directory in it, of which a file is declared', 'sub/conf', 'cfg/v.yml', ''],
    ['to a directory in it, of which keys of a file are declared', 'sub/conf', 'cfg/v.yml', 'keys: [a], '],
  ])('%s', async (_, target, path, keys) => {
    const symlink = target === 'cfg' ? 'sub' : target;
    const files = { ...app, cfg: { symlink }, sub: submodule('1'), 'affected.yml': inputs(path, keys) };
    expect((await answer(files, { sub: submodule('2') }))[0]).toEqual(['app']);
  });

  test('is none where it leads elsewhere', async () => {
    const files = { ...app, cfg: { symlink: 'other' }, sub: submodule('1'), 'affected.yml': inputs('cfg/v') };
    expect((await answer(files, { sub: submodule('2') }))[0]).toEqual([]);
  });
});

describe('a path that was or becomes a submodule', () => {
  const submodule = { submodule: '1'.repeat(40) };
  const files = { 'app/Dockerfile': 'FROM scratch\nCOPY l/* /x/\n', 'app/l': { symlink: '../lib' } };
  test.each<[string, Files, Files]>([
    ['was', { 'lib/a': submodule }, { 'lib/a': { symlink: '../other' } }],
    ['becomes', { 'lib/a': { symlink: '../other' } }, { 'lib/a': submodule }],
  ])('%s', async (_, before, after) => {
    expect((await answer({ ...files, 'lib/b': '1', ...before }, after))[0]).toEqual(['app']);
    const declared = { ...app, l: { symlink: 'lib' }, 'affected.yml': inputs('l/*') };
    expect((await answer({ ...declared, 'lib/b': '1', ...before }, after))[0]).toEqual(['app']);
  });
});

test('other rules for ignoring count for what lies outside of the build context', async () => {
  const files = {
    'affected.yml': 'dockerignore: union\n',
    'app/Dockerfile': 'FROM scratch\nCOPY ../o/x /x\n',
    'o/x': '1',
  };
  expect((await answer(files, { 'affected.yml': 'dockerignore: docker\n' }))[0]).toEqual(['app']);
  expect((await answer(files, { 'affected.yml': 'dockerignore: kaniko\n' }))[0]).toEqual([]);
});

describe('a changed ignore file', () => {
  const submodule = { submodule: '1'.repeat(40) };
  test.each<[string, Files, string, string]>([
    [
      'about something in a submodule',
      { 'app/Dockerfile': 'FROM scratch\nCOPY . /x\n', 'app/sub': submodule },
      'sub/conf\n',
      '',
    ],
    [
      'about a submodule',
      { 'app/Dockerfile': 'FROM scratch\nCOPY sub/lib /x\n', 'app/sub': submodule },
      'sub\n',
      '# no\n',
    ],
    [
      'about what a link leads to',
      {
        'app/Dockerfile': 'FROM scratch\nCOPY cfg/ /x/\n',
        'app/cfg': { symlink: 'real' },
        'app/real/secret': '1',
        'app/real/a': '1',
      },
      'real/secret\n',
      '# no\n',
    ],
  ])('%s', async (_, files, before, after) => {
    const ignored = `Dockerfile\n.dockerignore\n`;
    const all = { ...files, 'app/.dockerignore': ignored + before };
    expect((await answer(all, { 'app/.dockerignore': ignored + after }))[0]).toEqual(['app']);
  });
});
