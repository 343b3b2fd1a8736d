import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { backtestLines } from '../support/backtest.ts';

/** Of a commit, the directories of the images that must be rebuilt at least and at most; told by another program. */
interface Row {
  commit: string;
  affected_norm: string[];
  affected_copy: string[];
}

const latest = (match: string, directory: string) => ({ match, directory, tags: ['latest'] });
const cern = (match: string) => ({
  match: `gitlab-registry.cern.ch/swan/docker-images/${match}`,
  directory: '{x}',
});

/** How the tables name the images. */
const REPOSITORIES = [
  {
    table: 'docker-stacks',
    mirror: 'jupyter+docker-stacks',
    config: {
      discover: { exclude: ['.devcontainer/**'] },
      references: ['quay.io/jupyter/{x}', 'jupyter/{x}'].flatMap((match) => [
        latest(match, 'images/{x}'),
        latest(match, '{x}'),
      ]),
      images: { binder: { context: '.' } },
    },
  },
  {
    table: 'swan',
    mirror: 'swan-cern+jupyter-images',
    // What lies deeper is no image of theirs.
    config: { discover: { dockerfiles: ['*/Dockerfile'] }, references: [cern('jupyter/{x}'), cern('{x}')] },
  },
];

const [tables, mirrors] = [process.env['CONFORMANCE_DATA'] ?? '', process.env['REPLAY_MIRRORS'] ?? ''];

describe('histories of real repositories (CONFORMANCE_DATA has the tables, REPLAY_MIRRORS the repositories)', () => {
  for (const { table, mirror, config } of REPOSITORIES) {
    const file = join(tables, 'replay', `${table}.jsonl.gz`);
    const repository = join(mirrors, mirror, 'repo');
    const isHere = tables !== '' && mirrors !== '' && existsSync(file) && existsSync(repository);
    const timeout = 300_000;
    test.skipIf(!isHere)(`${table}: what must be rebuilt, and no more`, { timeout }, async () => {
      const rows = (await text(createReadStream(file).pipe(createGunzip()))).trim().split('\n');
      const directory = await mkdtemp(join(tmpdir(), 'affected-replay-'));
      onTestFinished(() => rm(directory, { recursive: true, force: true }));
      await writeFile(join(directory, 'affected.yml'), stringify(config));
      const all = await backtestLines(repository, [
        ...['--ref', (JSON.parse(rows[0] as string) as Row).commit, '--commits', String(rows.length)],
        ...['--config', join(directory, 'affected.yml')],
      ]);
      const lines = new Map(all.map((line) => [line.commit, line]));
      const wrong = rows.flatMap((line) => {
        const row = JSON.parse(line) as Row;
        const affected = lines.get(row.commit)?.affected ?? [];
        const missed = row.affected_norm.filter((image) => !affected.includes(image));
        const needless = affected.filter((image) => !row.affected_copy.includes(image));
        return missed.length + needless.length === 0 ? [] : [{ commit: row.commit, missed, needless }];
      });
      expect(rows.length).toBeGreaterThan(400);
      expect(lines.size).toBe(rows.length);
      expect(wrong).toEqual([]);
    });
  }
});
