/** A value in `rules: if`: text, nothing (an undefined variable), a truth, or not known before the pipeline runs. */
export type Operand = string | null | boolean | typeof unknown;

export const unknown = Symbol('unknown');

export type Lookup = (name: string) => Operand;

export type Expression =
  | { readonly kind: 'value'; readonly text: string | null }
  | { readonly kind: 'variable'; readonly name: string }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly sides: readonly [Expression, Expression];
    };

type Operator = '==' | '!=' | '=~' | '!~' | '&&' | '||';

/**
 * Parses the condition of a rule; throws a SyntaxError where GitLab says "invalid expression syntax". Comparisons
 * bind tighter than `&&`, and that tighter than `||`. Source: lib/gitlab/ci/pipeline/expression/{lexer,parser}.rb.
 */
export function parseExpression(text: string): Expression {
  const tokens = tokenize(text);
  const tree = parseLevel(tokens, 0);
  if (tokens.length > 0) throw new SyntaxError(`Unexpected ${tokens[0] ?? ''} in: ${text}`);
  return tree;
}

const token =
  /\s*(\(|\)|\$\w+|"[^"\n]*"|'[^'\n]*'|\/(?:[^/\\\n]|\\.)+\/[ismU]*|==|=~|!=|!~|&&|\|\||null\b)/uy;
const maxTokens = 100;

const levels: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!=', '=~', '!~']];

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  token.lastIndex = 0;
  while (token.lastIndex < trimmed.length) {
    const start = token.lastIndex;
    const match = token.exec(trimmed)?.[1];
    if (match === undefined) throw new SyntaxError(`Unknown lexeme at: ${trimmed.slice(start)}`);
    tokens.push(match);
  }
  if (tokens.length >= maxTokens) throw new SyntaxError(`More than ${maxTokens} tokens in: ${text}`);
  return tokens;
}

function parseLevel(tokens: string[], level: number): Expression {
  const operators = levels[level];
  if (operators === undefined) return parseOperand(tokens);
  let tree = parseLevel(tokens, level + 1);
  while (operators.includes(tokens[0] ?? '')) {
    const operator = tokens.shift() as Operator;
    tree = { kind: 'operation', operator, sides: [tree, parseLevel(tokens, level + 1)] };
  }
  return tree;
}

function parseOperand(tokens: string[]): Expression {
  const next = tokens.shift();
  if (next === '(') {
    const tree = parseLevel(tokens, 0);
    if (tokens.shift() !== ')') throw new SyntaxError('A parenthesis is not closed.');
    return tree;
  }
  if (next?.startsWith('$')) return { kind: 'variable', name: next.slice(1) };
  if (next === 'null') return { kind: 'value', text: null };
  if (next?.startsWith('/')) {
    toRegExp(next);
    return { kind: 'value', text: next };
  }
  if (next?.startsWith('"') || next?.startsWith("'")) return { kind: 'value', text: next.slice(1, -1) };
  throw new SyntaxError(`A value is missing before ${next ?? 'the end'}.`);
}

/**
 * Evaluates with Ruby's idea of truth: only nothing and false are false inside, so that an empty variable is true on
 * the left of `&&`; the outcome as a whole counts only when it isn't blank (`isTrue`).
 */
export function evaluate(expression: Expression, lookup: Lookup): Operand {
  if (expression.kind === 'value') return expression.text;
  if (expression.kind === 'variable') return lookup(expression.name);
  const [left, right] = expression.sides.map((side) => evaluate(side, lookup)) as [Operand, Operand];
  const { operator } = expression;
  if (operator === '&&') return both(left, right);
  if (operator === '||') return either(left, right);
  if (left === unknown || right === unknown) return unknown;
  if (operator === '==' || operator === '!=') return (left === right) === (operator === '==');
  return matches(left, right) === (operator === '=~');
}

/** Ruby's `present?`: neither nothing, false nor blank. What is unknown may be true. */
export function isTrue(operand: Operand): boolean {
  return typeof operand === 'string' ? operand.trim() !== '' : operand !== null && operand !== false;
}

function both(left: Operand, right: Operand): Operand {
  if (left === null || left === false) return left;
  return left === unknown && isTrue(right) ? unknown : right;
}

function either(left: Operand, right: Operand): Operand {
  if (left === unknown) return unknown;
  return left === null || left === false ? right : left;
}

function matches(text: Operand, pattern: Operand): boolean {
  return typeof pattern === 'string' && toRegExp(pattern).test(typeof text === 'string' ? text : '');
}

/** RE2 and JavaScript agree on the patterns pipelines use; `U` (ungreedy) has no counterpart here. */
function toRegExp(pattern: string): RegExp {
  const [, source, flags] = /^\/(.+)\/([ism]*)$/su.exec(pattern) ?? [];
  if (source === undefined) throw new SyntaxError(`${pattern} is no pattern.`);
  return new RegExp(source, flags);
}
