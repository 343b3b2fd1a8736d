import { expect, test } from 'vitest';
import type { AffectedImage } from '../../src/affected/affected.ts';
import { freshImages } from '../../src/affected/fresh-images.ts';
import type { Reason } from '../../src/affected/reasons.ts';
import type { Image } from '../../src/images/image.ts';

function affected(name: string, reasons: readonly Reason[], dependsOn: readonly string[] = []) {
  return { image: { name } as Image, reasons, dependsOn, level: dependsOn.length } satisfies AffectedImage;
}

const asked: Reason = { kind: 'requested', by: 'label "affected:a"' };
const again: Reason = { kind: 'requested', by: 'pipeline 7', again: true };
const dependency = (image: string): Reason => ({ kind: 'dependency', image, instruction: 'FROM' });

test('what a person asks for is built afresh, with all that is built on it', () => {
  const images = [
    affected('a', [asked]),
    affected('x', [{ kind: 'new-image', dockerfile: 'x/Dockerfile' }]),
    affected('b', [dependency('a')], ['a']),
    affected('c', [dependency('b')], ['b', 'x']),
  ];
  expect([...freshImages(images, { all: false })]).toEqual(['a', 'b', 'c']);
  expect(freshImages(images, { all: true }).size).toBe(4);
});

test('what another commit may have published since is not, unless it is asked for besides', () => {
  expect([...freshImages([affected('a', [again])], { all: false })]).toEqual([]);
  expect([...freshImages([affected('a', [again, asked])], { all: false })]).toEqual(['a']);
});
