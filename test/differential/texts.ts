import fc from 'fast-check';

/** Texts put together of these pieces. */
export function pieced(
  pieces: readonly string[],
  size: { minLength?: number; maxLength: number },
): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom(...pieces), size).map((parts) => parts.join(''));
}

/** Real texts with a few lines taken out, put in, or torn apart by a fragment. */
export function mutated(texts: readonly string[], fragments: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({
    where: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    within: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    how: fc.constantFrom('remove', 'insert', 'tear'),
    fragment: fc.constantFrom(...fragments),
  });
  return fc.tuple(fc.constantFrom(...texts), fc.array(edit, { maxLength: 4 })).map(([text, edits]) => {
    // The first lines are enough: a mutation far down shows nothing more.
    const lines = (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).slice(0, 60);
    for (const { where, within, how, fragment } of edits) {
      const at = Math.floor(where * (lines.length + 1));
      const line = lines[at] ?? '';
      const column = Math.floor(within * (line.length + 1));
      if (how === 'remove') lines.splice(at, 1);
      else if (how === 'insert') lines.splice(at, 0, fragment);
      else lines[at] = line.slice(0, column) + fragment + line.slice(column);
    }
    return lines.join('');
  });
}
