import type { BuilderCall } from './builder.ts';
import { BUILDERS } from './builder.ts';
import type { Found } from './found.ts';
import type { Difference } from './difference.ts';
import { DIFFERENCES } from './differences.ts';

/** Something the builder ignores, builds otherwise than the Dockerfile says, or refuses. */
export interface BuiltOtherwise {
  effect: Difference['effect'];
  line: number;
  column: number;
  /** A sentence: what it is, what happens, and what to do. */
  sentence: string;
}

/** Of what stands in a Dockerfile, what the builder of a job does not build as it is meant. */
export function builtOtherwise(constructs: readonly Found[], call: BuilderCall): BuiltOtherwise[] {
  const { builder } = call;
  if (builder === undefined) return [];
  return constructs.flatMap(({ construct, shown, line, column }) => {
    const differences: readonly Difference[] = DIFFERENCES[construct];
    const difference = differences.find(
      ({ builders, unless }) => builders.includes(builder) && !unless?.(call),
    );
    if (difference === undefined) return [];
    const { effect, happens, remedy } = difference;
    return [{ effect, line, column, sentence: `${shown}: ${BUILDERS[builder]} ${happens}; ${remedy}` }];
  });
}
