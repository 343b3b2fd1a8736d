import { hash } from 'node:crypto';

/** The fields in the order in which they are hashed, and in which the first that differs is told. */
export const FIELDS = [
  'dockerfile',
  'target',
  'args',
  'context',
  'outside',
  'links',
  'submodules',
  'declared',
  'keys',
  'job',
  'external',
  'bases',
] as const;

export type Field = (typeof FIELDS)[number];

/**
 * What an image is made of, one field a kind of input, each from a key to a text. docs/fingerprint.md says what each
 * holds and where its keys come from.
 */
export type Fields = Readonly<Record<Field, ReadonlyMap<string, string>>>;

/** One hash over everything a commit says about an image; two that are equal stand for the same image. */
export type Fingerprint =
  | {
      known: true;
      sha256: string;
      /** Made when they are asked for, which is where they differ: of thousands of images, they would fill the memory. */
      readonly fields: Fields;
    }
  /** Something of it can't be known, so that no hash could promise anything. */
  | { known: false; why: string };

/** Counted up whenever the same inputs would have another hash. */
const FORMAT = 1;

/**
 * In JSON the invalid bytes of a path keep apart what UTF-8 would make one.
 *
 * @param fields makes them, each time the same.
 */
export function fingerprintOf(fields: () => Fields): Fingerprint {
  return {
    known: true,
    sha256: sha256Of(fields()),
    get fields() {
      const value = fields();
      Object.defineProperty(this, 'fields', { value });
      return value;
    },
  };
}

function sha256Of(fields: Fields): string {
  const content = FIELDS.map((field) => {
    const entries = [...fields[field]];
    return [field, entries.length > 1 ? entries.sort(byKey) : entries];
  });
  return hash('sha256', JSON.stringify([FORMAT, content]));
}

function byKey([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
