import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodePath, encodePath } from '../../src/git/path-bytes.ts';
import { runs } from '../support/runs.ts';

describe('decodePath', () => {
  test.each([
    ['plain', [0x61, 0x2f, 0x62], 'a/b'],
    ['UTF-8', [...Buffer.from('ü/日本/🐳')], 'ü/日本/🐳'],
    ['a lone byte', [0x61, 0xff, 0x62], 'a\udcffb'],
    ['a cut-off character', [0xe6, 0x97], '\udce6\udc97'],
    ['a good character between bad bytes', [0x80, 0xc3, 0xbc, 0x80], '\udc80ü\udc80'],
    ['four bytes after a bad one', [0xfe, ...Buffer.from('🐳')], '\udcfe🐳'],
    ['an encoded surrogate, which is no UTF-8', [0xed, 0xb2, 0x80], '\udced\udcb2\udc80'],
    ['an overlong slash', [0xc0, 0xaf], '\udcc0\udcaf'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
    ['nothing', [], ''],
  ])('%s', (_, bytes, text) => {
    expect(decodePath(Buffer.from(bytes))).toBe(text);
    expect(encodePath(text)).toEqual(Buffer.from(bytes));
  });

  test('keeps every byte string apart and gets it back', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.string({ unit: 'grapheme', maxLength: 4 }).map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const bytes = Buffer.concat(pieces);
        expect(encodePath(decodePath(bytes))).toEqual(bytes);
      }),
      { numRuns: runs(1000) },
    );
  });

  test('decodes a list as its parts', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5 })), (parts) => {
        const list = Buffer.concat(parts.flatMap((part) => [part, Buffer.from('\0')]));
        const each = parts.map((part) => `${decodePath(Buffer.from(part))}\0`).join('');
        expect(decodePath(list)).toBe(each);
      }),
    );
  });
});
