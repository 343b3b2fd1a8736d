import { AffectedError } from '../errors.ts';
import type { CiMap, CiValue } from './ci-yaml.ts';
import { isText } from './names.ts';

/** A value GitLab must hand to the shell as it is: else it would replace what looks like `$VARIABLE` or `%VARIABLE%`. */
export function data(value: string): CiValue {
  if (!isText(value)) {
    throw new AffectedError(
      'not-text',
      `${JSON.stringify(value)}: GitLab's variables hold UTF-8 text without NUL; change it`,
    );
  }
  return /[$%]/.test(value) ? { value, expand: false } : value;
}

/** `<name>_1`, `<name>_2`, … */
export function numbered(name: string, values: readonly CiValue[]): CiMap {
  return Object.fromEntries(values.map((value, index) => [`${name}_${index + 1}`, value]));
}
