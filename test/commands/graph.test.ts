import { describe, expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { platform } from './platform.ts';

describe('affected graph', () => {
  test('mermaid, the affected images marked', async () => {
    const { repository, base } = await platform();
    await repository.commit({ 'java/Dockerfile': 'FROM base\n' });
    const { code, stdout, stderr } = await cli(repository.dir, ['graph', '--base', base]);
    expect([code, stderr]).toEqual([0, '']);
    await expect(stdout).toMatchFileSnapshot('../golden/graph.mmd');
  });

  test('dot', async () => {
    const { repository } = await platform();
    const { stdout } = await cli(repository.dir, [
      'graph',
      '--format',
      'dot',
      '--what-if',
      'java/Dockerfile',
    ]);
    await expect(stdout).toMatchFileSnapshot('../golden/graph.dot');
  });

  test('json', async () => {
    const { repository } = await platform();
    const { stdout } = await cli(repository.dir, [
      'graph',
      '--format=json',
      '--what-if',
      'java/Dockerfile',
      'alone/run',
    ]);
    expect(JSON.parse(stdout)).toEqual({
      images: [
        { name: 'alone', dependsOn: [], affected: 'direct' },
        { name: 'base', dependsOn: [], affected: null },
        { name: 'java', dependsOn: ['base'], affected: 'direct' },
        { name: 'trino', dependsOn: ['java'], affected: 'dependent' },
      ],
    });
  });

  test('nothing affected: no marks', async () => {
    const { repository } = await platform();
    expect((await cli(repository.dir, ['graph', '--base', 'HEAD'])).stdout).not.toMatch(/:::|classDef/);
  });

  test('an unknown format', async () => {
    const { repository } = await platform();
    const { code, stderr } = await cli(repository.dir, ['graph', '--format', 'svg']);
    expect(code).toBe(2);
    expect(stderr).toBe('affected: --format "svg": formats are mermaid, dot, json [usage]\n');
  });

  test('--strict fails on what could not be known', async () => {
    const { repository } = await platform({ 'unknown/Dockerfile': 'ARG WHICH\nFROM $WHICH\n' });
    expect((await cli(repository.dir, ['graph', '--base', 'HEAD'])).code).toBe(0);
    expect((await cli(repository.dir, ['graph', '--base', 'HEAD', '--strict'])).code).toBe(2);
  });
});
