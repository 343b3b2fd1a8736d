import type { ResolvedImage } from '../images/resolve.ts';
import type { Tree } from '../tree.ts';

/** One compared commit: its paths and its images. */
export interface Side {
  tree: Tree;
  images: ReadonlyMap<string, ResolvedImage>;
}

/** For each changed file of job templates, the images whose jobs reach it on either side, and through which template. */
export type TemplateUses = ReadonlyMap<string, readonly { image: string; template: string }[]>;
