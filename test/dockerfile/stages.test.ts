import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDockerfile } from '../../src/dockerfile/parse.ts';
import { readStages, stageNamed } from '../../src/dockerfile/stages.ts';
import { runs } from '../support/runs.ts';

test('a name means the last earlier stage that has it, in any case, among few stages and many', () => {
  const name = fc.constantFrom('', ' AS a', ' AS B', ' AS b', ' AS c');
  fc.assert(
    fc.property(
      fc.array(name, { minLength: 1, maxLength: 30 }),
      fc.constantFrom('a', 'A', 'b', 'B', 'c', 'd', ''),
      fc.nat(30),
      (names, wanted, before) => {
        const { stages } = readStages(parseDockerfile(names.map((one) => `FROM x${one}\n`).join('')));
        const found = stages.findLast(
          ({ index, name: own }) => own !== '' && own === wanted.toLowerCase() && index < before,
        );
        expect(stageNamed(stages, wanted, before)?.index).toBe(found?.index);
      },
    ),
    { numRuns: runs(300) },
  );
});
