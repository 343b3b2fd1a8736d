import { readSync, writeSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readTree } from '../../src/git/read-tree.ts';
import { openScratchFile, type ScratchFile } from '../../src/git/scratch-file.ts';
import { createRepository } from '../support/repository.ts';

afterEach(() => vi.unstubAllEnvs());

describe('openScratchFile', () => {
  test('gives back all that was written', () => {
    const file = openScratchFile() as ScratchFile;
    writeSync(file.fd, 'one\n');
    writeSync(file.fd, Buffer.from([0, 255]));
    expect(file.read()).toEqual(Buffer.from([...Buffer.from('one\n'), 0, 255]));
    file.close();
    expect(() => file.read()).toThrow(/EBADF/);
  });

  test('holds contents that are read from the start', () => {
    const file = openScratchFile('asked\n') as ScratchFile;
    const bytes = Buffer.alloc(10);
    expect(readSync(file.fd, bytes)).toBe(6);
    expect(bytes.toString('utf8', 0, 6)).toBe('asked\n');
    file.close();
  });

  test('is none where no file can be had; then git is read through a pipe', async () => {
    const repository = await createRepository();
    const head = await repository.commit({ a: '1' });
    vi.stubEnv('TMPDIR', '/nonexistent');
    expect(openScratchFile()).toBeUndefined();
    expect((await readTree({ root: repository.dir }, head)).paths).toEqual(['a']);
  });
});
