/**
 * Matching without going back: however many stars a pattern has, the time is at most its length times the text's,
 * where a JavaScript regular expression with many would take years.
 */
type Step =
  | { kind: 'character'; is: (character: string) => boolean }
  | { kind: 'assertion'; holds: (characters: readonly string[], at: number) => boolean }
  /** Goes on, and also at `to`. */
  | { kind: 'fork'; to: number }
  | { kind: 'jump'; to: number }
  | { kind: 'end' };

/**
 * Whether the regular expression that `parts` make up, joined, matches somewhere in a text (`RegExp.test`). A part is
 * an assertion, `(?:`, `)?` in two parts around what is optional, `|` outside of these, or what matches one character;
 * `*` may follow the last.
 */
export function compileLinear(parts: readonly string[]): (text: string) => boolean {
  const { steps, starts } = program(parts);
  const shortest = shortestMatch(parts);
  return (text) => {
    const characters = [...text];
    if (characters.length < shortest) return false;
    let active: number[] = [];
    for (let at = 0; at <= characters.length; at += 1) {
      const reached = reach(steps, [...active, ...starts], { characters, at });
      if (reached === 'end') return true;
      const character = characters[at];
      active = [];
      for (const index of reached) {
        const step = steps[index] as Step;
        if (step.kind === 'character' && character !== undefined && step.is(character))
          active.push(index + 1);
      }
    }
    return false;
  };
}

function program(parts: readonly string[]): { steps: Step[]; starts: number[] } {
  const steps: Step[] = [];
  const starts = [0];
  const tests = new Map<string, (character: string) => boolean>();
  const open: { kind: 'fork'; to: number }[] = [];
  for (const [index, part] of parts.entries()) {
    const holds = ASSERTIONS.get(part);
    if (holds) {
      steps.push({ kind: 'assertion', holds });
    } else if (part === '|') {
      steps.push({ kind: 'end' });
      starts.push(steps.length);
    } else if (part === '(?:') {
      const fork = { kind: 'fork' as const, to: 0 };
      open.push(fork);
      steps.push(fork);
    } else if (part === ')') {
      (open.pop() as { to: number }).to = steps.length;
    } else if (part !== '*' && part !== '?') {
      const repeated = parts[index + 1] === '*';
      const start = steps.length;
      const is = tests.get(part) ?? characterTest(part);
      tests.set(part, is);
      if (repeated) steps.push({ kind: 'fork', to: start + 3 });
      steps.push({ kind: 'character', is });
      if (repeated) steps.push({ kind: 'jump', to: start });
    }
  }
  steps.push({ kind: 'end' });
  return { steps, starts };
}

/** How many characters a text has at least for any match. */
function shortestMatch(parts: readonly string[]): number {
  let [least, length, optional] = [Infinity, 0, false];
  for (const [index, part] of [...parts, '|'].entries()) {
    if (part === '(?:' || part === ')') optional = part === '(?:';
    else if (part === '|') [least, length] = [Math.min(least, length), 0];
    else if (!optional && part !== '?' && part !== '*' && parts[index + 1] !== '*' && !ASSERTIONS.has(part))
      length += 1;
  }
  return least;
}

const isWord = (character: string | undefined): boolean => /^\w$/.test(character ?? '');
const atBoundary = (characters: readonly string[], at: number): boolean =>
  isWord(characters[at - 1]) !== isWord(characters[at]);

const ASSERTIONS = new Map<string, (characters: readonly string[], at: number) => boolean>([
  ['^', (_, at) => at === 0],
  ['$', (characters, at) => at === characters.length],
  ['\\b', atBoundary],
  ['\\B', (characters, at) => !atBoundary(characters, at)],
]);

function characterTest(part: string): (character: string) => boolean {
  const expression = new RegExp(`^${part}$`, 'v');
  return (character) => expression.test(character);
}

/** The steps that can come next at a place in the text, or that the end of the pattern is reached. */
function reach(
  steps: readonly Step[],
  from: readonly number[],
  { characters, at }: { characters: readonly string[]; at: number },
): ReadonlySet<number> | 'end' {
  const reached = new Set(from);
  for (const index of reached) {
    const step = steps[index] as Step;
    if (step.kind === 'end') return 'end';
    if (step.kind === 'fork') reached.add(index + 1);
    if (step.kind === 'fork' || step.kind === 'jump') reached.add(step.to);
    if (step.kind === 'assertion' && step.holds(characters, at)) reached.add(index + 1);
  }
  return reached;
}
