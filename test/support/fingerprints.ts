import type { ComparableSide, Difference } from '../../src/fingerprint/differences.ts';
import { fingerprintImages, type JobParts } from '../../src/fingerprint/fingerprint-images.ts';
import type { Fingerprint } from '../../src/fingerprint/fingerprint.ts';
import { followLinks } from '../../src/images/links.ts';
import { parseValues } from '../../src/values/parse-values.ts';
import { ValuesError } from '../../src/values/value.ts';
import type { TestSide } from './snapshot.ts';

/** A side with its fingerprints, as the command loads it where the repository has no templates. */
export function fingerprinted(side: TestSide, jobs: JobParts = jobsOf(side)): ComparableSide {
  const { tree, images, config, snapshot } = side;
  const valuesOf = (file: string) => {
    const text = snapshot.text(followLinks(snapshot, file).path ?? '');
    try {
      return text === undefined ? undefined : parseValues(text, file, { single: false });
    } catch (error) {
      if (error instanceof ValuesError) return undefined;
      throw error;
    }
  };
  return { tree, images, config, fingerprints: fingerprintImages(side, { valuesOf, jobs }) };
}

function jobsOf({ images, tree }: TestSide): JobParts {
  const parts = [...images].map(([name, { image, inputs }]): [string, ReadonlyMap<string, string>] => {
    const files = { 'ci-file': inputs.ciFile, 'structure-test': inputs.structureTest };
    const found = Object.entries(files).flatMap(([key, path]): [string, string][] => {
      const entry = tree.get(path ?? '');
      return entry ? [[key, `${entry.mode} ${entry.oid}`]] : [];
    });
    return [name, new Map([['template', image.template], ...found])];
  });
  return new Map(parts);
}

export function fingerprintOf(side: TestSide, image: string, jobs?: JobParts): Fingerprint {
  return fingerprinted(side, jobs).fingerprints.get(image) as Fingerprint;
}

/** The images of the head whose difference is of one of these kinds. */
export function imagesThat(
  found: ReadonlyMap<string, Difference>,
  ...kinds: readonly Difference['kind'][]
): string[] {
  return [...found]
    .filter(([, { kind }]) => kinds.includes(kind))
    .map(([name]) => name)
    .sort();
}
