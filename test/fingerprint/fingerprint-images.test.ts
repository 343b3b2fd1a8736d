import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type Field, FIELDS } from '../../src/fingerprint/fingerprint.ts';
import { type JobParts, keyedFiles } from '../../src/fingerprint/fingerprint-images.ts';
import { fingerprintOf } from '../support/fingerprints.ts';
import { type Files, side } from '../support/snapshot.ts';

type Settings = NonNullable<Parameters<typeof side>[1]>;

/** A repository in which the image `app` has every kind of input. */
const FILES: Record<string, Files[string]> = {
  'base/Dockerfile': 'FROM debian:12\nCOPY x /x\n',
  'base/x': '1',
  'base/y': '1',
  'other/Dockerfile': 'FROM scratch\nCOPY . /\n',
  'other/a': '1',
  'app/Dockerfile':
    'ARG V=1\nFROM base AS b\nFROM docker.io/python:$V\nARG OWN SHARED CI_REGISTRY_IMAGE\nCOPY conf link/x in /to/\nCOPY ../outside /to/\nCOPY --from=other /a /a\nCOPY --from=b /x /x\n',
  'app/.dockerignore': 'conf/no\n',
  'app/conf/a': '1',
  'app/conf/b': { executable: '1' },
  'app/conf/no': '1',
  'app/unused': '1',
  'app/link': { symlink: '../target' },
  'app/in': { submodule: '1'.repeat(40) },
  'target/x': '1',
  'target/y': '1',
  'outside/o': '1',
  'declared/d': '1',
  'declared/no': '1',
  'values.json': '{"a": 1, "b": 1}',
  'args.env': 'SHARED=1\nUNTAKEN=1\n',
  'README.md': '1',
};
const SETTINGS: Settings = {
  registry: 'r.example.com/g',
  argsFile: 'args.env',
  images: {
    app: { args: { OWN: '1' }, inputs: ['declared/d', { paths: ['values.json'], keys: ['a'] }] },
  },
};
const JOBS: JobParts = new Map([['app', new Map([['template', '.kaniko-build']])]]);

type Changed = Partial<typeof FILES>;

function fingerprint(files: Changed, settings: Settings = {}, parts = JOBS, name = 'app') {
  const kept = Object.entries({ ...FILES, ...files }).filter(
    (entry): entry is [string, Files[string]] => entry[1] !== undefined,
  );
  const here = side(Object.fromEntries(kept), { ...SETTINGS, ...settings });
  const found = fingerprintOf(here, name, parts);
  if (!found.known) throw new Error(found.why);
  return found;
}

const app = FILES['app/Dockerfile'] as string;
const own = (settings: NonNullable<Settings['images']>[string]): Settings => ({
  images: { app: { ...SETTINGS.images?.['app'], ...settings } },
});
const jobs = (parts: Record<string, string>): JobParts => new Map([['app', new Map(Object.entries(parts))]]);

describe('another fingerprint', () => {
  const before = fingerprint({});
  test.each<[string, Field, Changed, Settings?, typeof JOBS?]>([
    ['an instruction', 'dockerfile', { 'app/Dockerfile': `${app}RUN true\n` }],
    ['the target', 'target', {}, own({ target: 'b' })],
    ['a build arg of its own', 'args', {}, own({ args: { OWN: '2' } })],
    ['a shared build arg that it takes', 'args', { 'args.env': 'SHARED=2\nUNTAKEN=1\n' }],
    ['the registry, which it takes as a build arg', 'args', {}, { registry: 'r.example.com/h' }],
    ['the content of a copied file', 'context', { 'app/conf/a': '2' }],
    ['the mode of a copied file', 'context', { 'app/conf/b': '1' }],
    ['a copied file that is new', 'context', { 'app/conf/c': '1' }],
    ['a copied file that is gone', 'context', { 'app/conf/a': undefined }],
    [
      'a directory of which nothing is taken',
      'context',
      { 'app/conf/none/no': '1', 'app/.dockerignore': 'conf/no\nconf/none/no\n' },
    ],
    ['what is ignored', 'context', { 'app/.dockerignore': 'conf/a\n' }],
    ['no ignore file', 'context', { 'app/.dockerignore': undefined }],
    ['whose rules for ignored files hold', 'context', { 'app/.dockerignore': '**/co*\n' }],
    ['a file outside of the context', 'outside', { 'outside/o': '2' }],
    ['what a link leads to', 'links', { 'target/x': '2' }],
    ['where a link leads', 'links', { 'app/link': { symlink: '../outside' } }],
    ['the commit of a submodule', 'submodules', { 'app/in': { submodule: '2'.repeat(40) } }],
    ['a declared file', 'declared', { 'declared/d': '2' }],
    ['a declared key', 'keys', { 'values.json': '{"a": 2, "b": 1}' }],
    ['the type of a declared key', 'keys', { 'values.json': '{"a": "1", "b": 1}' }],
    ['the template', 'job', {}, {}, jobs({ template: '.other' })],
    ['what the template says', 'job', {}, {}, jobs({ template: '.kaniko-build', '.kaniko-build': '{}' })],
    ['a base image', 'bases', { 'base/x': '2' }],
    ['an image that is copied from', 'bases', { 'other/a': '2' }],
    ['a base image of somebody else', 'dockerfile', { 'app/Dockerfile': app.replace('python', 'ruby') }],
    ['an argument that names one', 'dockerfile', { 'app/Dockerfile': app.replace('V=1', 'V=2') }],
    [
      'what a reference means',
      'external',
      {},
      { references: [{ match: 'docker.io/{x}', directory: 'base' }] },
    ],
  ])('%s (%s)', (_, field, files, settings, parts) => {
    const after = fingerprint(files, settings, parts);
    expect(after.sha256).not.toBe(before.sha256);
    expect(FIELDS.find((name) => !isDeepStrictEqual(after.fields[name], before.fields[name]))).toBe(field);
  });
});

describe('the same fingerprint', () => {
  test.each<[string, Changed, Settings?, string?]>([
    ['a comment', { 'app/Dockerfile': `# why\n${app}` }],
    ['the mode of the Dockerfile', { 'app/Dockerfile': { executable: app } }],
    ['a file that nothing copies', { 'app/unused': '2', 'README.md': undefined, 'new/file': '1' }],
    ['an ignored file', { 'app/conf/no': '2' }],
    ['a shared build arg that it does not take', { 'args.env': 'SHARED=1\nUNTAKEN=2\n' }],
    ['a file beside a declared one', { 'declared/no': '2' }],
    ['a key that is not declared', { 'values.json': '{"b": 2, "a": 1}' }],
    ['what lies beside the target of a link', { 'target/y': '2' }],
    ['what a base image does not copy', { 'base/y': '2' }],
    ['another image', { 'third/Dockerfile': 'FROM scratch\n' }],
    ['its name', {}, { names: { app: 'called' } }, 'called'],
  ])('%s', (_, files, settings, name = 'app') => {
    const parts = new Map([[name, JOBS.get('app') as ReadonlyMap<string, string>]]);
    expect(fingerprint(files, settings, parts, name)).toEqual(fingerprint({}));
  });
});

test('the target alone makes another fingerprint', () => {
  const files = { 'a/Dockerfile': 'FROM scratch AS x\nFROM scratch AS y\n' };
  const of = (target: string) => fingerprintOf(side(files, { images: { a: { target } } }), 'a');
  expect(of('x')).toMatchObject({ known: true, fields: { target: new Map([['', 'x']]) } });
  expect(of('y')).not.toEqual(of('x'));
});

test('a comment counts where a build arg names the frontend that reads it', () => {
  const of = (text: string, args: Record<string, string>) =>
    fingerprintOf(side({ 'a/Dockerfile': text }, { images: { a: { args } } }), 'a');
  const frontend = { BUILDKIT_SYNTAX: 'acme/frontend' };
  expect(of('FROM scratch\n# c\n', frontend)).not.toEqual(of('FROM scratch\n', frontend));
  expect(of('FROM scratch\n# c\n', {})).toEqual(of('FROM scratch\n', {}));
});

test('the registry counts where it is taken and not given otherwise', () => {
  const argsOf = (text: string, args: Record<string, string> = {}) => {
    const settings = { registry: 'r.example.com/g', images: { a: { args } } };
    const found = fingerprintOf(side({ 'a/Dockerfile': text }, settings), 'a');
    return found.known && [...found.fields.args];
  };
  const taking = 'FROM scratch\nARG CI_REGISTRY_IMAGE\n';
  expect(argsOf('FROM scratch\n')).toEqual([]);
  expect(argsOf(taking)).toEqual([['CI_REGISTRY_IMAGE', 'r.example.com/g']]);
  expect(argsOf(taking, { CI_REGISTRY_IMAGE: 'x' })).toEqual([['CI_REGISTRY_IMAGE', 'x']]);
});

test('a copied Dockerfile and ignore file count as they are written', () => {
  const hash = (text: string, ignore: string) =>
    fingerprintOf(side({ 'a/Dockerfile': text, 'a/.dockerignore': ignore }), 'a');
  const one = hash('FROM scratch\nCOPY . /\n', 'x\n');
  expect(hash('FROM scratch\nCOPY . /\n# c\n', 'x\n')).not.toEqual(one);
  expect(hash('FROM scratch\nCOPY . /\n', 'x\n# c\n')).not.toEqual(one);
});

test('paths that differ in an invalid byte are not the same', () => {
  const hash = (path: string) => {
    const found = fingerprintOf(side({ 'a/Dockerfile': 'FROM scratch\nCOPY . /\n', [path]: '1' }), 'a');
    return found.known && found.sha256;
  };
  expect(hash('a/\udc80')).not.toBe(hash('a/\udc81'));
});

test('a moved image has the same fingerprint', () => {
  const at = (directory: string) => {
    const files = {
      [`${directory}/Dockerfile`]: 'FROM scratch\nCOPY x /\n',
      [`${directory}/x`]: '1',
    };
    return fingerprintOf(side(files), directory);
  };
  expect(at('a')).toEqual(at('b/c'));
});

test('the ignore file counts where a submodule is taken, whose files it may keep out', () => {
  const at = (ignore: string) => {
    const files = {
      'a/Dockerfile': 'FROM scratch\nCOPY in /\n',
      'a/in': { submodule: '1'.repeat(40) },
      'a/.dockerignore': ignore,
    };
    return fingerprintOf(side(files), 'a');
  };
  expect(at('in/x')).not.toEqual(at('in/y'));
  expect(at('in')).toMatchObject({ known: true, fields: { submodules: new Map() } });
  expect(at('in\n!in/x')).toMatchObject({ known: true, fields: { submodules: { size: 1 } } });
});

test.each([
  ['what it is built on can’t be told', { 'a/Dockerfile': 'ARG B\nFROM $B\n' }, 'a', '$B'],
  ['neither can what a base is built on', { 'a/Dockerfile': 'ARG B\nFROM $B\n' }, 'b', 'it needs a (FROM)'],
  ['its Dockerfile is not in this clone', { 'a/Dockerfile': { missing: '1' } }, 'a', "can't be read"],
])('%s: there is no hash', (_, files, image, why) => {
  const found = fingerprintOf(side({ 'b/Dockerfile': 'FROM a\n', ...files }), image);
  expect(found).toEqual({ known: false, why: expect.stringContaining(why) });
});

test('images that need each other have none, nor has what is built from them', () => {
  const here = side({
    'a/Dockerfile': 'FROM b\n',
    'b/Dockerfile': 'FROM a\n',
    'c/Dockerfile': 'FROM a\n',
    'd/Dockerfile': 'FROM scratch\n',
  });
  expect(['a', 'b', 'c', 'd'].map((name) => fingerprintOf(here, name).known)).toEqual([
    false,
    false,
    false,
    true,
  ]);
});

test('a chain of thousands of images exhausts no stack', () => {
  const files = Array.from({ length: 2000 }, (_, index): [string, string] => [
    `i${index}/Dockerfile`,
    index === 0 ? 'FROM scratch\n' : `FROM i${index - 1}\n`,
  ]);
  // By name, the last stands long before most of those it needs.
  const here = side(Object.fromEntries(files.reverse()));
  expect(fingerprintOf(here, 'i1999').known).toBe(true);
});

test('a file that can’t be read by its keys counts as a whole', () => {
  const at = (text: string) => fingerprintOf(side({ ...FILES, 'values.json': text }, SETTINGS), 'app');
  expect(at('{')).not.toEqual(at('{ '));
  expect(keyedFiles(side(FILES, SETTINGS))).toEqual(['values.json']);
});

test('every field is documented, in order', async () => {
  const text = await readFile(join(import.meta.dirname, '../../docs/fingerprint.md'), 'utf8');
  expect([...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, field]) => field)).toEqual(FIELDS);
});
