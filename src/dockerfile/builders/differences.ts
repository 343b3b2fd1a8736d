import { COPY_DIFFERENCES } from './copy-differences.ts';
import { OTHER_DIFFERENCES } from './other-differences.ts';
import { RUN_DIFFERENCES } from './run-differences.ts';

/**
 * By construct, what builders make of it that means something else to BuildKit; where nothing is said of a builder, it
 * does as BuildKit does. Read in their sources, whose files the comments name: Kaniko v1.28.3 and the last commits of
 * the two others, Buildah v1.44.0, BuildKit v0.32.2, whose parser is Kaniko's too.
 */
export const DIFFERENCES = { ...RUN_DIFFERENCES, ...COPY_DIFFERENCES, ...OTHER_DIFFERENCES };

export type Construct = keyof typeof DIFFERENCES;
