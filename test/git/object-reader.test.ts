import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { createMarkFinder, openObjectReader } from '../../src/git/object-reader.ts';
import { createRepository, type TestRepository } from '../support/repository.ts';

const MISSING = '1'.repeat(40);

test('reads every byte, leaves out what is missing, and goes on reading', async () => {
  const { ids, reader } = await readerOf({
    empty: '',
    lines: 'a\nb\n\n',
    bytes: Buffer.from([0, 10, 255, 10]),
  });
  const texts = await reader.read([ids[0] as string, MISSING, ids[0] as string, ids[1] as string]);
  expect([...texts]).toEqual([
    [ids[0], ''],
    [ids[1], 'a\nb\n\n'],
  ]);
  expect([...(await reader.read([MISSING]))]).toEqual([]);
  expect([...(await reader.read([]))]).toEqual([]);
  expect([...(await reader.read([ids[2] as string]))]).toEqual([[ids[2], '\0\n\udcff\n']]);
});

test('answers questions that are asked at the same time', async () => {
  const large = 'x'.repeat(1 << 20);
  const { ids, reader } = await readerOf({ a: 'a', b: large, c: 'c' });
  const answers = await Promise.all(ids.map((id) => reader.read([id])));
  expect(answers.map((texts) => [...texts.values()])).toEqual([['a'], [large], ['c']]);
});

test('a blob that says that it is the end of an answer is none', async () => {
  const text = `.end missing\n${'x'.repeat(1 << 17)}`;
  const { ids, reader } = await readerOf({ a: text, b: 'b' });
  expect([...(await reader.read(ids)).values()]).toEqual([text, 'b']);
  expect([...(await reader.read(ids)).values()]).toEqual([text, 'b']);
});

test.each([
  ['gives less than it promises of', 'blob 9\0'],
  ['can not make sense of', 'nothing'],
])('reads on where git %s an object', async (_, contents) => {
  const { repository, ids, reader } = await readerOf({ a: 'a', b: 'b', c: 'c' });
  const [a, b, c] = ids as [string, string, string];
  await corrupt(repository, b, contents);
  expect([...(await reader.read([a, b, c])).values()]).toEqual(['a', 'c']);
  expect([...(await reader.read([b])).values()]).toEqual([]);
  expect([...(await reader.read([c, a])).values()]).toEqual(['c', 'a']);
});

test('a mark is found however the output is cut', () => {
  const output = Buffer.from('x.end missing.end missing\nrest');
  const end = output.indexOf('\n') + 1;
  for (let size = 1; size <= output.length; size += 1) {
    const isIn = createMarkFinder('.end missing\n');
    for (let at = 0, isFound = false; at < output.length && !isFound; at += size) {
      isFound = isIn(output.subarray(at, at + size));
      expect(isFound).toBe(at + size >= end);
    }
  }
});

test('reads on where the process is gone', async () => {
  const { ids, reader } = await readerOf({ a: 'a' });
  reader.close();
  expect([...(await reader.read(ids)).values()]).toEqual(['a']);
});

async function readerOf(files: Readonly<Record<string, string | Buffer>>) {
  const repository = await createRepository();
  await repository.commit(files);
  const ids = await Promise.all(
    Object.keys(files).map((path) => repository.git('rev-parse', `HEAD:${path}`)),
  );
  const reader = openObjectReader({ root: repository.dir });
  onTestFinished(reader.close);
  return { repository, ids, reader };
}

async function corrupt(repository: TestRepository, id: string, contents: string): Promise<void> {
  const file = join(repository.dir, '.git/objects', id.slice(0, 2), id.slice(2));
  await chmod(file, 0o644);
  await writeFile(file, deflateSync(contents));
}
