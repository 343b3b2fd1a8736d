import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Answer, Kind, Question } from './kind.ts';

/** What comparing one kind's cases found. */
export interface Outcome {
  cases: number;
  refused: number;
  /** How often each intended difference was met, by its reason. */
  intended: ReadonlyMap<string, number>;
  /** The smallest case of a difference nobody meant, and both answers. */
  difference: { one: unknown; theirs: Answer; ours: Answer } | undefined;
}

/** Asks both sides each example of a kind and `cases` generated ones, up to the first unexplained difference. */
export async function compare<Case>(
  kind: Kind<Case>,
  options: { ask: (question: Question) => Promise<Answer>; cases: number; seed: number },
): Promise<Outcome> {
  let [cases, refused] = [0, 0];
  const intended = new Map<string, number>();
  const both = async (one: Case): Promise<{ one: Case; theirs: Answer; ours: Answer }> => ({
    one,
    theirs: await options.ask(kind.question(one)),
    ours: answerOrDefect(kind, one),
  });
  const property = fc.asyncProperty(kind.cases, async (one) => {
    const answers = await both(one);
    cases += 1;
    if (answers.theirs.refused !== undefined) refused += 1;
    if (agree(answers.theirs, answers.ours)) return true;
    const known = kind.intended.find(({ applies }) => applies(answers));
    if (known) intended.set(known.reason, (intended.get(known.reason) ?? 0) + 1);
    return known !== undefined;
  });
  const { counterexample } = await fc.check(property, {
    seed: options.seed,
    numRuns: options.cases + kind.examples.length,
    examples: kind.examples.map((one): [Case] => [one]),
  });
  return { cases, refused, intended, difference: counterexample ? await both(counterexample[0]) : undefined };
}

/** Anything thrown but a refusal is a defect, and so a difference to make small. */
function answerOrDefect<Case>(kind: Kind<Case>, one: Case): Answer {
  try {
    return kind.answer(one);
  } catch (error) {
    return { value: `threw ${String(error)}` };
  }
}

function agree(theirs: Answer, ours: Answer): boolean {
  if (theirs.refused !== undefined || ours.refused !== undefined) {
    return theirs.refused !== undefined && ours.refused !== undefined;
  }
  return isDeepStrictEqual(theirs.value, ours.value);
}
