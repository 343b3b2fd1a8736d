import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Affected } from '../../src/affected/affected.ts';
import { indexInputs } from '../../src/affected/input-index.ts';
import { isDirect } from '../../src/affected/reasons.ts';
import { inputRule } from '../../src/images/inputs.ts';
import { affectedByBruteForce } from '../support/brute-force.ts';
import { filesOf, type GeneratedRepository, historyOf, settingsOf } from '../support/generated-repository.ts';
import { changesBetween, compare, side, type TestSide } from '../support/snapshot.ts';
import { runs } from '../support/runs.ts';

const RUNS = { numRuns: runs(400) };

function load(repository: GeneratedRepository): TestSide {
  return side(filesOf(repository), settingsOf(repository));
}

function names({ affected }: Affected): string[] {
  return affected.map(({ image }) => image.name);
}

function sorted(values: Iterable<string>): string[] {
  return [...values].sort();
}

function shuffled<T>(values: readonly T[], seed: number): T[] {
  const keyed = values.map((value, index) => ({ value, key: ((index + 1) * (seed + 7919)) % 104_729 }));
  return keyed.sort((a, b) => a.key - b.key).map(({ value }) => value);
}

describe('over generated repositories', () => {
  test('exactly those images are affected whose selected files, settings or bases differ', () => {
    fc.assert(
      fc.property(historyOf(2), ([before, after]) => {
        const [base, head] = [load(before), load(after)];
        expect(sorted(names(compare(base, head)))).toEqual(sorted(affectedByBruteForce(before, after)));
      }),
      { numRuns: runs(1500) },
    );
  });

  test('every affected image has a reason, each chain begins with a direct one, and bases are built first', () => {
    fc.assert(
      fc.property(historyOf(2), ([before, after]) => {
        const { affected, removed } = compare(load(before), load(after));
        const explained = new Set(removed.map(({ name }) => name));
        const known = new Set([...explained, ...affected.map(({ image }) => image.name)]);
        for (const { image, reasons } of affected) if (reasons.some(isDirect)) explained.add(image.name);
        const built = new Set<string>();
        for (const { image, reasons, dependsOn, level } of affected) {
          expect(reasons.length).toBeGreaterThan(0);
          for (const reason of reasons) {
            if (reason.kind !== 'dependency') continue;
            expect(known).toContain(reason.image);
            expect(reason.removed ?? false).toBe(
              !affected.some((other) => other.image.name === reason.image),
            );
          }
          for (const needed of dependsOn) {
            const base = affected.find((other) => other.image.name === needed);
            if (!base) continue;
            expect(built).toContain(needed);
            expect(base.level).toBeLessThan(level);
            expect(reasons).toContainEqual(expect.objectContaining({ kind: 'dependency', image: needed }));
          }
          built.add(image.name);
        }
        for (let size = -1; size < explained.size;) {
          size = explained.size;
          for (const { image, reasons } of affected) {
            if (reasons.some((reason) => 'image' in reason && explained.has(reason.image)))
              explained.add(image.name);
          }
        }
        expect(explained).toEqual(known);
      }),
      RUNS,
    );
  });

  test('the order of the changes does not matter, and the same question has the same answer', () => {
    fc.assert(
      fc.property(historyOf(2), fc.nat(1000), ([before, after], seed) => {
        const [base, head] = [load(before), load(after)];
        const changes = changesBetween(base, head);
        const answer = compare(base, head, { changes });
        expect(compare(base, head, { changes: shuffled(changes, seed) })).toEqual(answer);
        expect(JSON.stringify(compare(load(before), load(after)))).toBe(JSON.stringify(answer));
      }),
      RUNS,
    );
  });

  test('more changes never affect fewer images', () => {
    fc.assert(
      fc.property(
        historyOf(2),
        fc.nat(1000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([before, after], seed, part) => {
          const [base, head] = [load(before), load(after)];
          const changes = changesBetween(base, head);
          const some = shuffled(changes, seed).slice(0, Math.floor(part * changes.length));
          expect(names(compare(base, head))).toEqual(
            expect.arrayContaining(names(compare(base, head, { changes: some }))),
          );
        },
      ),
      RUNS,
    );
  });

  test('nothing changed: only what can’t be known is affected', () => {
    fc.assert(
      fc.property(historyOf(1), ([repository]) => {
        const here = load(repository);
        expect(sorted(names(compare(here, here)))).toEqual(
          sorted(affectedByBruteForce(repository, repository)),
        );
        expect(compare(here, here).affected.length > 0).toBe(compare(here, here).widened.length > 0);
      }),
      RUNS,
    );
  });

  test('two steps affect at least what one long step does', () => {
    fc.assert(
      fc.property(historyOf(3), ([a, b, c]) => {
        const [first, second, third] = [load(a), load(b), load(c)];
        const steps = [...names(compare(first, second)), ...names(compare(second, third))];
        expect(steps).toEqual(expect.arrayContaining(names(compare(first, third))));
      }),
      RUNS,
    );
  });

  test('the index finds the images that asking each one finds', () => {
    fc.assert(
      fc.property(historyOf(2), ([before, after]) => {
        const { images } = load(before);
        const paths = new Set([
          ...Object.keys(filesOf(before)),
          ...Object.keys(filesOf(after)),
          'i0/none',
          'none',
        ]);
        const candidates = indexInputs(images.values(), paths);
        for (const path of paths) {
          const asked = [...images.values()].filter(({ inputs }) => inputRule(inputs, path));
          const found = [...candidates(path)].filter(({ inputs }) => inputRule(inputs, path));
          expect(new Set(found)).toEqual(new Set(asked));
        }
      }),
      RUNS,
    );
  });
});
