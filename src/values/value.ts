/** One value at the end of a path of keys, as far as a change of it can be told from its text. */
export interface Value {
  /** The keys from the top; an item of a list is named by its place, from 0. */
  path: readonly string[];
  /**
   * `string`; `literal` for numbers, booleans and dates; `plain` for a string without quotes that other YAML readers
   * take for something else; `null`; `mapping` and `list` for empty ones; a YAML tag.
   */
  type: string;
  /** Of a string what it holds, of everything else how it is written: 3.10 is not 3.1. */
  text: string;
}

/** The values of a file by a text that tells their places apart: `{"a.b": 1}` is not `{"a": {"b": 1}}`. */
export type Values = ReadonlyMap<string, Value>;

/** A step to a value: a key, or the place in a list. */
export type Step = string | number;

/** No file that people write is nested so deeply; and what follows must not exhaust the stack. */
const DEEPEST = 200;

/** A file of values that can't be read. The message carries no position; line and column are 1-based. */
export class ValuesError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, position: { line: number; column: number }) {
    super(message);
    this.name = 'ValuesError';
    this.line = position.line;
    this.column = position.column;
  }
}

/** @param text what has been read up to the place, which it ends in. */
export function errorAfter(text: string, message: string): ValuesError {
  const lines = text.split(/\r\n|\r|\n/);
  return new ValuesError(message, { line: lines.length, column: (lines.at(-1) ?? '').length + 1 });
}

/** @throws ValuesError for a step too many. */
export function checkDepth(steps: readonly Step[], before: () => string): void {
  if (steps.length > DEEPEST) throw errorAfter(before(), 'nested too deeply; remove levels of nesting');
}

export function addValue(
  values: Map<string, Value>,
  steps: readonly Step[],
  value: Omit<Value, 'path'>,
): void {
  values.set(JSON.stringify(steps), { path: steps.map(String), ...value });
}
