import { expect, test } from 'vitest';
import { affectedNames, type Files, side } from '../support/snapshot.ts';

const files: Files = {
  'b/Dockerfile': 'FROM scratch\nENV DIR=y\n',
  'c/Dockerfile': 'FROM b\nARG DIR=x\nCOPY $DIR /o\n',
  'c/x/f': '1',
  'c/y/f': '1',
  'a/Dockerfile': 'FROM c AS one\nFROM b\nCOPY --from=one /o /o\nCOPY $DIR /a\n',
  'a/y/f': '1',
};

test('of two bases the one that the other needs runs first', () => {
  expect(affectedNames(side(files), side({ ...files, 'c/y/f': '2' }))).toEqual(['c', 'a']);
  const { 'a/Dockerfile': _, ...alone } = files;
  expect(affectedNames(side(alone), side({ ...alone, 'c/y/f': '2' }))).toEqual(['c']);
});

test('bases that need each other end, with what is known without', () => {
  const cycle: Files = {
    'a/Dockerfile': 'FROM b\nENV DIR=x\nCOPY $DIR /o\n',
    'b/Dockerfile': 'FROM a\nCOPY $DIR /o\n',
  };
  expect(
    side(cycle)
      .images.get('a')
      ?.inputs.sources.map(({ source }) => source),
  ).toEqual(['x']);
});

test('a variable that grows beyond any builder makes the whole context count', () => {
  const growing = `FROM scratch\nENV A=${'a'.repeat(60_000)}\nENV B=$A$A$A\nCOPY f /f\n`;
  const before: Files = { 'app/Dockerfile': growing, 'app/f': '1', 'app/g': '1' };
  expect(affectedNames(side(before), side({ ...before, 'app/g': '2' }))).toEqual(['app']);
  const mended = { ...before, 'app/Dockerfile': 'FROM scratch\nCOPY f /f\n', 'app/f': '2' };
  expect(affectedNames(side(before), side(mended))).toEqual(['app']);
});
