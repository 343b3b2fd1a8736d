import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Reason } from '../src/affected/reasons.ts';
import { HELP } from '../src/help.ts';
import { parseConfig } from '../src/config/parse.ts';
import type { ComparisonJson } from './support/cli.ts';

const root = resolve(import.meta.dirname, '..');
const read = (path: string) => readFile(join(root, path), 'utf8');

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs/fingerprint.md',
  'docs/base-commit.md',
  'docs/peers.md',
];
const adrs = (await readdir(join(root, 'docs/adr'))).map((name) => `docs/adr/${name}`);

test.each([...documents, ...adrs])('%s links to files that exist', async (document) => {
  const links = [...(await read(document)).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
    ([, link]) => link as string,
  );
  const missing = links.filter((link) => !existsSync(join(root, dirname(document), link)));
  expect(missing).toEqual([]);
});

test('ARCHITECTURE.md is short and names rooms that exist', async () => {
  const text = await read('ARCHITECTURE.md');
  expect(text.split('\n').length).toBeLessThanOrEqual(120);
  const named = [...text.matchAll(/`((?:src|bin|test|ci-templates)\/[\w./-]*)`/g)].map(
    ([, path]) => path as string,
  );
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

describe('README.md', () => {
  test('documents every kind of reason', async () => {
    // The type makes the list complete.
    const kinds: Record<Reason['kind'], true> = {
      dockerfile: true,
      source: true,
      'ignore-file': true,
      'declared-input': true,
      'ci-file': true,
      template: true,
      config: true,
      'build-arg': true,
      'new-image': true,
      dependency: true,
      unknown: true,
      unowned: true,
      requested: true,
      'base-not-available': true,
      'not-published': true,
      released: true,
      everything: true,
    };
    const text = await read('README.md');
    expect(Object.keys(kinds).filter((kind) => !text.includes(`| \`${kind}\` |`))).toEqual([]);
  });

  test('documents every field of the JSON output', async () => {
    const fields: Record<keyof ComparisonJson, true> = {
      base: true,
      head: true,
      baseWhy: true,
      changedPaths: true,
      workingTree: true,
      affected: true,
      unaffected: true,
      removed: true,
      widened: true,
      unowned: true,
    };
    const text = await read('README.md');
    expect(Object.keys(fields).filter((field) => !text.includes(`\`${field}\``))).toEqual([]);
  });

  test('documents every code of a widening', async () => {
    const sources = await readdir(join(root, 'src'), { recursive: true });
    const texts = await Promise.all(
      sources.filter((path) => path.endsWith('.ts')).map((path) => read(`src/${path}`)),
    );
    const codes = texts.flatMap((text) =>
      [
        ...text.matchAll(
          /scope: 'image'.*?code: '([a-z-]+)'|widenAll\(\{ code: '([a-z-]+)'|^ {2}\| '([a-z-]+)'[;\n]/gms,
        ),
      ].map((match) => match[1] ?? match[2] ?? (match[3] as string)),
    );
    expect(codes.length).toBeGreaterThan(5);
    const text = await read('README.md');
    expect(codes.filter((code) => !text.includes(`\`${code}\``))).toEqual([]);
  });

  test('its example config is a valid one', async () => {
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(await read('README.md')) ?? [];
    expect(parseConfig(example, 'README.md').names).toEqual([
      { directory: 'docker/base/{x}', name: 'base-{x}' },
    ]);
  });

  test('and --help know the same options', async () => {
    const text = await read('README.md');
    // Other programs have options of their own.
    const ours = text.replaceAll(/docker buildx .*|`npm run images[^`]*`/g, '');
    const mentioned = new Set([...ours.matchAll(/--[a-z][a-z-]+/g)].map(([option]) => option));
    mentioned.delete('--mount');
    mentioned.delete('--from');
    expect([...mentioned].filter((option) => !HELP.includes(option))).toEqual([]);
  });
});

test('package-lock.json names no download host', async () => {
  expect(await read('package-lock.json')).not.toContain('"resolved"');
});
