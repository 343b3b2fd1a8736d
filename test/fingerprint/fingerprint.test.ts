import { expect, test } from 'vitest';
import { type Field, FIELDS, type Fields, fingerprintOf } from '../../src/fingerprint/fingerprint.ts';

const EMPTY = Object.fromEntries(FIELDS.map((field) => [field, new Map()])) as unknown as Fields;

function hashOf(field: Field, ...entries: [string, string][]): string {
  const found = fingerprintOf(() => ({ ...EMPTY, [field]: new Map(entries) }));
  return found.known ? found.sha256 : '';
}

test('each field counts by itself, with its keys and values', () => {
  const hashes = FIELDS.flatMap((field) => [
    hashOf(field, ['a', 'b']),
    hashOf(field, ['b', 'a']),
    hashOf(field, ['a', 'b'], ['b', 'a']),
  ]);
  expect(new Set([...hashes, hashOf('args')]).size).toBe(3 * FIELDS.length + 1);
});

test('the order in which keys were found does not', () => {
  expect(hashOf('args', ['a', '1'], ['b', '2'])).toBe(hashOf('args', ['b', '2'], ['a', '1']));
});

test('the hash is that of the documented text, with the version of the format', () => {
  // Another hash here means that FORMAT has to be counted up.
  expect(hashOf('target', ['', 'x'])).toBe(
    'b4ddf6592c546e31d1fc566d079a32b178de8c64e556dc1d1ddb4d53eadd3120',
  );
});
