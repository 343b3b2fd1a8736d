import { printable } from './printable.ts';

/** The image that tags are put on, by its full name. */
export function renderSource({ image, reference }: { image: string; reference: string }): string {
  return line(`${image}: ${reference}`);
}

export interface MovedTag {
  image: string;
  tag: string;
  digest: string;
  /** What the tag named before, where it was there. */
  held: string | undefined;
}

export function renderMovedTag({ image, tag, digest, held }: MovedTag): string {
  if (held === digest) return line(`${image}:${tag} is ${short(digest)} already`);
  return line(
    `${image}:${tag} -> ${short(digest)} ${held === undefined ? '(is new)' : `(was ${short(held)})`}`,
  );
}

export function renderStayingTag({
  image,
  tag,
  stays,
}: {
  image: string;
  tag: string;
  stays: string;
}): string {
  return line(`${image}:${tag} stays: ${stays}`);
}

/** As much of a digest as people compare. */
function short(digest: string): string {
  return `${digest.slice(0, 'sha256:'.length + 12)}…`;
}

function line(text: string): string {
  return `${printable(text)}\n`;
}
