import type fc from 'fast-check';
import { decodePath, encodePath } from '../../src/git/path-bytes.ts';

/** One sort of cases that both sides are asked. */
export interface Kind<Case> {
  name: string;
  cases: fc.Arbitrary<Case>;
  /** Cases made of real files; they come first. */
  examples: readonly Case[];
  question: (one: Case) => Question;
  answer: (one: Case) => Answer;
  /** Where we mean to differ, and why. Counted; any other difference fails the run. */
  intended: readonly Intended<Case>[];
}

export interface Intended<Case> {
  reason: string;
  applies: (difference: { one: Case; theirs: Answer; ours: Answer }) => boolean;
}

/** What go/main.go reads; texts are bytes (see `bytes`). */
export interface Question {
  Kind: string;
  Text: string;
  [name: string]: unknown;
}

/** Plain data to compare, or why the input was refused, which is not compared. */
export interface Answer {
  refused?: string;
  value?: unknown;
}

/** A text's bytes, each as the character of the same number: JSON knows no bytes. */
export function bytes(text: string): string {
  return encodePath(text).toString('latin1');
}

/** A fragment that is no UTF-8 may become UTF-8 beside another one: the text that the bytes say. */
export function wellDecoded(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return texts.map((text) => decodePath(encodePath(text)));
}
