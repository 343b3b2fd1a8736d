import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { writeConfig } from '../../src/commands/write-config.ts';

async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'affected-write-config-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

test('a config that was made meanwhile stays, unless it may be replaced', async () => {
  const directory = await emptyDirectory();
  const file = join(directory, 'affected.yml');
  await writeConfig(file, 'first', { replace: false });
  const again = writeConfig(file, 'second', { replace: false });
  await expect(again).rejects.toMatchObject({ code: 'config-exists' });
  expect(await readFile(file, 'utf8')).toBe('first');
  await writeConfig(file, 'third', { replace: true });
  expect(await readFile(file, 'utf8')).toBe('third');
  expect(await readdir(directory)).toEqual(['affected.yml']);
});

test.each([true, false])('nothing is written through a link (replace: %s)', async (replace) => {
  const directory = await emptyDirectory();
  const [file, other] = [join(directory, 'affected.yml'), join(directory, 'other')];
  await writeFile(other, 'other');
  await symlink('other', join(directory, `.affected.yml.${process.pid}.tmp`));
  const written = writeConfig(file, 'text', { replace });
  await expect(written).rejects.toMatchObject({ code: 'unwritable-config' });
  expect(await readFile(other, 'utf8')).toBe('other');
});

test('a directory that is not there is told', async () => {
  const file = join(await emptyDirectory(), 'none', 'affected.yml');
  await expect(writeConfig(file, '', { replace: false })).rejects.toMatchObject({
    code: 'unwritable-config',
  });
});
