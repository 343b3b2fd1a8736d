import { execFileSync, spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { refSlug } from '../../src/pipeline/ref-slug.ts';

const hasRuby = spawnSync('ruby', ['--version']).status === 0;
if (!hasRuby) process.stderr.write('ruby is not installed: slugs are not held against it\n');

test.each([
  ['main', 'main'],
  ['Feature/ABC-1_x', 'feature-abc-1-x'],
  ['--a--', 'a'],
  [`${'a'.repeat(62)}-b`, 'a'.repeat(62)],
  ['日本', ''],
  ['\u{1F680}x\u{1F680}y', 'x-y'],
  ['\u212A', 'k'],
])('%j is %j', (name, slug) => {
  expect(refSlug(name)).toBe(slug);
});

test('is one that GitLab would make again of itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 90 }), (name) => {
      const slug = refSlug(name);
      expect(slug).toMatch(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)?$/);
      expect(refSlug(slug)).toBe(slug);
    }),
  );
});

test.runIf(hasRuby)('is what Ruby makes by GitLab’s rule', () => {
  const names = fc.sample(fc.string({ unit: 'binary', maxLength: 90 }), 500);
  const rule = String.raw`puts JSON.dump(JSON.parse($stdin.read).map { |s| s.downcase.gsub(/[^a-z0-9]/, '-')[0..62].gsub(/(\A-+|-+\z)/, '') })`;
  const out = execFileSync('ruby', ['-Ku', '-rjson', '-e', rule], {
    input: JSON.stringify(names),
    encoding: 'utf8',
  });
  expect(names.map(refSlug)).toEqual(JSON.parse(out));
});
