/** The known key a mistyped one most likely stands for, if any is near: one slip in each three letters. */
export function nearestKey(key: string, knownKeys: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(key.length / 3)) + 1;
  for (const known of knownKeys) {
    // No two of the known keys' lengths differ by more, and a key of megabytes must not be compared letter by letter.
    if (Math.abs(known.length - key.length) >= least) continue;
    const distance = editDistance(key, known);
    if (distance < least) [nearest, least] = [known, distance];
  }
  return nearest;
}

/** Insertions, deletions, replacements and swaps of neighbours: the optimal string alignment distance. */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current[column] = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (same ? 0 : 1),
        swapped ? at(beforePrevious, column - 2) + 1 : Infinity,
      );
    }
    [beforePrevious, previous] = [previous, current];
  }
  return at(previous, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] as number;
}
