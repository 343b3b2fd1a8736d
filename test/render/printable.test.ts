import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, printableJson } from '../../src/render/printable.ts';

/** Any text as it may come from a file name, and more: lone surrogates, control and format characters. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 1 }),
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  ),
});
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('printable', () => {
  test.each([
    ['plain/Dockerfile', 'plain/Dockerfile'],
    ['ünïcode 中文 🐳', 'ünïcode 中文 🐳'],
    ['\u001b[31m', '\\u001b[31m'],
    ['a\nb\tc\rd', 'a\\nb\\tc\\u000dd'],
    ['\u0000\u007f\u0085\u009b', '\\u0000\\u007f\\u0085\\u009b'],
    ['\u200e\u200f\u202a\u202e\u2066\u2069\u061c', '\\u200e\\u200f\\u202a\\u202e\\u2066\\u2069\\u061c'],
    ['\u200b\u2060\ufeff\u00ad', '\\u200b\\u2060\\ufeff\\u00ad'],
    ['\u2028\u2029', '\\u2028\\u2029'],
    ['\u{e0041}', '\\u{e0041}'],
    ['b\udcff\udc80c', 'b\\xff\\x80c'],
    ['\ud800', '\\ud800'],
    ['\udc7f', '\\udc7f'],
  ])('%j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  test('leaves nothing that could do something to a terminal', () => {
    fc.assert(fc.property(anyText, (text) => !UNSAFE.test(printable(text))));
  });

  test('says nothing new the second time', () => {
    fc.assert(fc.property(anyText, (text) => printable(printable(text)) === printable(text)));
  });
});

describe('printableJson', () => {
  test('is indented JSON with a line end', () => {
    expect(printableJson({ a: [1] })).toBe('{\n  "a": [\n    1\n  ]\n}\n');
  });

  test('escapes what a terminal must not see, in values and keys, and reads back as it was', () => {
    expect(printableJson('\u009b\u202e\u{e0041}')).toBe('"\\u009b\\u202e\\udb40\\udc41"\n');
    fc.assert(
      fc.property(anyText, (text) => {
        const json = printableJson({ [`k${text}`]: [text] });
        expect(json.replaceAll('\n', '')).not.toMatch(UNSAFE);
        expect(JSON.parse(json)).toEqual({ [`k${text}`]: [text] });
      }),
    );
  });
});
