import { printable } from './printable.ts';

/** How wide the lines of a comment may be. */
const WIDTH = 100;

/** One point of a list, as a comment. */
export function item(text: string): string[] {
  return wrap(printable(text), WIDTH - 4).map((line, index) => `# ${index === 0 ? '-' : ' '} ${line}`);
}

/** A text of one paragraph as lines of a comment. */
export function comment(text: string, indent = ''): string[] {
  return wrap(printable(text), WIDTH - indent.length - 2).map((line) => `${indent}# ${line}`);
}

/** Lines of whole words. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

// What every YAML parser reads as the string it is; JSON's strings are YAML's in double quotes.
const PLAIN = /^(?!(?:true|false|null|yes|no|on|off|y|n)$)[A-Za-z$][\w$./-]*$/i;

/** A string as a key or a value in block style. */
export function scalar(text: string): string {
  return PLAIN.test(text) || text === '.' ? text : printableString(text);
}

/** No character that a terminal or an editor would not show. */
function printableString(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
