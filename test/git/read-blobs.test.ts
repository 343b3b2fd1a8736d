import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createBatchReader, readBlobs, wholeAnswers } from '../../src/git/read-blobs.ts';
import { createRepository, type TestRepository } from '../support/repository.ts';

const MISSING = '1'.repeat(40);

describe('readBlobs', () => {
  test('reads every byte, once for each id, and leaves out what is missing', async () => {
    const repository = await createRepository();
    const contents = { empty: '', lines: 'a\nb\n\n', bytes: Buffer.from([0, 10, 255, 10]) };
    await repository.commit(contents);
    const ids = await idsOf(repository, Object.keys(contents));
    const blobs = await readBlobs({ root: repository.dir }, [ids[0] as string, MISSING, ...ids]);
    expect([...blobs.keys()]).toEqual(ids);
    expect([...blobs.values()]).toEqual(['', 'a\nb\n\n', '\0\n\udcff\n']);
  });

  test('reads objects larger than the pieces it decodes, and those at their seams', async () => {
    const repository = await createRepository();
    const sizes = [3, 70_000, 0, 65_000, 500, 300_000, 1, 131_072, 10];
    const texts = sizes.map((size, index) => (index % 4 === 1 ? 'ü' : String(index)).repeat(size));
    await repository.commit(Object.fromEntries(texts.map((text, index) => [`f${index}`, text])));
    const ids = await idsOf(
      repository,
      texts.map((_, index) => `f${index}`),
    );
    const blobs = await readBlobs({ root: repository.dir }, ids);
    expect(ids.map((id) => blobs.get(id) === texts[ids.indexOf(id)])).toEqual(ids.map(() => true));
  });

  test('starts nothing for nothing', async () => {
    expect(await readBlobs({ root: '/nonexistent' }, [])).toEqual(new Map());
  });

  test('reads on behind objects that are corrupt', async () => {
    const repository = await createRepository();
    await repository.commit({ a: 'a', b: 'b', c: 'c', d: 'd', e: 'e' });
    const ids = await idsOf(repository, ['a', 'b', 'c', 'd', 'e']);
    for (const id of [ids[1], ids[3]]) await corrupt(repository, id as string);
    const blobs = await readBlobs({ root: repository.dir }, ids);
    expect([...blobs.values()].map(String)).toEqual(['a', 'c', 'e']);
  });

  // Of an object that promises more than there is git gives what there is and goes on: what follows looks like the rest.
  test.each([
    ['git fails later', ['d']],
    ['git does not notice', []],
  ])('takes nothing for an object that another answer seems to be the rest of: %s', async (_, damaged) => {
    const repository = await createRepository();
    await repository.commit({ a: 'a', b: 'b', c: 'c', d: 'd', e: 'e' });
    const ids = await idsOf(repository, ['a', 'b', 'c', 'd', 'e']);
    const [a = '', b = '', c = '', d = '', e = ''] = ids;
    await corrupt(repository, b, `\n${c} blob 1\nc`.length);
    if (damaged.includes('d')) await corrupt(repository, d, 9);
    const blobs = await readBlobs({ root: repository.dir }, ids);
    expect(blobs.get(b)).toBeUndefined();
    expect([a, c, e].map((id) => blobs.get(id))).toEqual(['a', 'c', 'e']);
  });

  test('gives up after a few of them', async () => {
    const repository = await createRepository();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await repository.commit(Object.fromEntries(names.map((name) => [name, name])));
    const ids = await idsOf(repository, names);
    for (const id of ids.slice(0, 5)) await corrupt(repository, id);
    expect(await readBlobs({ root: repository.dir }, ids)).toEqual(new Map());
  });

  test('has git fetch what a partial clone lacks, and does without where origin is gone', async () => {
    const server = await createRepository();
    await server.git('config', 'uploadpack.allowFilter', 'true');
    await server.commit({ a: 'a', b: 'b' });
    const ids = await idsOf(server, ['a', 'b']);
    const clone = await server.clone('--bare', '--filter=blob:none');
    expect([...(await readBlobs({ root: clone.dir }, [ids[0] as string])).values()].map(String)).toEqual([
      'a',
    ]);
    await server.remove();
    expect([...(await readBlobs({ root: clone.dir }, ids)).values()].map(String)).toEqual(['a']);
  });
});

describe('createBatchReader', () => {
  const one = { id: '1b322989b6eea65102d4f5921ccb7df5dc613fe7', text: 'x\ny' };
  const empty = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';
  const answers = [`${one.id} blob 3\n${one.text}\n`, `${MISSING} missing\n`, `${empty} blob 0\n\n`];
  const oids = [one.id, MISSING, empty];
  const output = Buffer.from(answers.join(''));

  test('takes complete objects only, however the output is cut', () => {
    const ends = answers.map((_, index) => answers.slice(0, index + 1).join('').length);
    for (let length = 0; length <= output.length; length += 1) {
      const blobs = new Map<string, string>();
      const batch = createBatchReader(oids, blobs);
      batch.take(output.subarray(0, length));
      expect(batch.answered()).toBe(ends.filter((end) => end <= length).length);
      expect(blobs.has(one.id)).toBe(batch.answered() > 0);
      expect(blobs.has(empty)).toBe(batch.answered() > 2);
    }
  });

  test('reads on where a chunk ends', () => {
    for (let size = 1; size <= output.length; size += 1) {
      const blobs = new Map<string, string>();
      const batch = createBatchReader(oids, blobs);
      for (let at = 0; at < output.length; at += size) batch.take(output.subarray(at, at + size));
      expect(batch.answered()).toBe(3);
      expect([...blobs].map(([id, content]) => [id, String(content)])).toEqual([
        [one.id, one.text],
        [empty, ''],
      ]);
    }
  });

  test.each([
    ['shorter than promised', `${one.id} blob 4\nx\ny\n${empty} blob 0\n\n`],
    ['of another id', `${empty} blob 0\n\n${one.id} blob 3\nx\ny\n`],
  ])('takes nothing from an object on that is %s', (_, text) => {
    const blobs = new Map<string, string>();
    const batch = createBatchReader([one.id, empty], blobs);
    for (const byte of Buffer.from(text)) batch.take(Buffer.from([byte]));
    expect(batch.answered()).toBe(0);
    expect(blobs).toEqual(new Map());
  });
});

async function idsOf(repository: TestRepository, paths: readonly string[]): Promise<string[]> {
  return Promise.all(paths.map((path) => repository.git('rev-parse', `HEAD:${path}`)));
}

async function corrupt(repository: TestRepository, id: string, promised = 9): Promise<void> {
  const directory = join(repository.dir, '.git/objects', id.slice(0, 2));
  expect(await readdir(directory)).toContain(id.slice(2));
  const file = join(directory, id.slice(2));
  await chmod(file, 0o644);
  // A header that promises more than there is: git answers before it finds out, if it does.
  await writeFile(file, deflateSync(`blob ${promised}\0`));
}

test('of objects read before git failed, none counts from the first on that its id does not name', async () => {
  const [x, y] = ['587be6b4c3f93f93c489c0111bba5596147a26cb', '975fbec8256d3e8a3797e7a3611380f27c49f4ac'];
  const read = (...texts: string[]) => new Map([x, y].map((oid, index) => [oid, texts[index] as string]));
  expect(await wholeAnswers([x, MISSING, y], read('x\n', 'y\n'))).toBe(3);
  expect(await wholeAnswers([x, MISSING, y], read('x\n', 'x\n'))).toBe(2);
  expect(await wholeAnswers([x, MISSING, y], read('y\n', 'y\n'))).toBe(0);
});
