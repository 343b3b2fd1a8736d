import type { ImageReference } from '../dockerfile/evaluate.ts';

/** A reference as a Dockerfile writes it and what it expands to. */
export type WrittenReference = Pick<ImageReference, 'reference' | 'word' | 'unset' | 'gaps'>;

/** A reference taken apart. */
export interface ReferenceParts {
  repository: string;
  /** `latest` where neither tag nor digest is written; undefined where it is not known. */
  tag: string | undefined;
  digest: boolean;
}

/**
 * Splits `host:port/path:tag@digest` as the distribution reference grammar does. Undefined where some of the repository
 * is not known, be it only whether it goes on.
 */
export function takeApart({ reference, gaps }: WrittenReference): ReferenceParts | undefined {
  const at = reference.indexOf('@');
  const nameEnd = at === -1 ? reference.length : at;
  const colon = reference.lastIndexOf(':', nameEnd - 1);
  const tagged = colon > reference.lastIndexOf('/', nameEnd - 1);
  const repositoryEnd = tagged ? colon : nameEnd;
  // What comes in right at the end of the repository would be part of it.
  if (gaps.some(({ start }) => start <= repositoryEnd)) return undefined;
  const written = tagged ? reference.slice(colon + 1, nameEnd) : undefined;
  const digest = at !== -1;
  const known = written !== '' && !gaps.some(({ start }) => start <= nameEnd);
  const implied = digest ? undefined : 'latest';
  return {
    repository: reference.slice(0, repositoryEnd),
    tag: known ? (written ?? implied) : undefined,
    digest,
  };
}
