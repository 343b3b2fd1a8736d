import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluateDockerfile } from '../support/evaluate.ts';
import { IgnoreFileError, isIgnored, parseIgnoreFile } from '../../src/dockerfile/ignore-file.ts';
import { DockerfileError, parseDockerfile } from '../../src/dockerfile/parse.ts';
import { decodePath } from '../../src/git/path-bytes.ts';
import { FRAGMENTS, LINES } from '../differential/dockerfile-pieces.ts';
import { mutated, pieced } from '../differential/texts.ts';
import { runs } from '../support/runs.ts';

const root = resolve(import.meta.dirname, '../..');
const real = ['airflow', 'kafka-connect', 'pyspark'].map((image) => `${root}/${image}/Dockerfile`);
const dockerfiles = real.map((path) => decodePath(readFileSync(path)));

const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => decodePath(Buffer.from(array)));
const soup = pieced([...LINES, ...FRAGMENTS], { maxLength: 12 });
const dockerfile = fc.oneof(bytes, soup, mutated(dockerfiles, [...LINES, ...FRAGMENTS]));

/** Fails on anything thrown but a refusal that stands in the text. */
function orRefused<T>(text: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error;
    const line = text.split('\n')[error.line - 1];
    expect(line).toBeDefined();
    expect(error.column).toBeGreaterThanOrEqual(1);
    expect(error.column).toBeLessThanOrEqual((line as string).length + 1);
    return undefined;
  }
}

test('any bytes are a Dockerfile that can be evaluated, or refused at a place in them', () => {
  fc.assert(
    fc.property(dockerfile, fc.constantFrom(undefined, 'b', '1'), (text, target) => {
      const parsed = orRefused(text, () => parseDockerfile(text));
      if (parsed) orRefused(text, () => evaluateDockerfile({ dockerfile: parsed, args: { X: 'b' }, target }));
    }),
    { numRuns: runs(1000) },
  );
});

test('any bytes are an ignore file that decides on any path, or refused in one of its lines', () => {
  const pieces = '* ** **/ ? [a-c] [^a] [ ] \\ / . .. ! # a b \n \r \ufeff \udcff é { } | ( ) $ ^'.split(' ');
  const ignoreFile = fc.oneof(bytes, pieced(pieces, { maxLength: 12 }));
  fc.assert(
    fc.property(ignoreFile, bytes, (text, path) => {
      try {
        const patterns = parseIgnoreFile(text);
        const both = isIgnored(patterns, path, 'docker') && isIgnored(patterns, path, 'kaniko');
        expect(isIgnored(patterns, path, 'union')).toBe(both);
      } catch (error) {
        if (!(error instanceof IgnoreFileError)) throw error;
        expect(error.line).toBeGreaterThanOrEqual(1);
        expect(error.line).toBeLessThanOrEqual(text.split('\n').length);
      }
    }),
    { numRuns: runs(1000) },
  );
});
