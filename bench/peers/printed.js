// What a tool printed, fit for a page.

const LINES = 30;
const COLUMNS = 150;

/**
 * The command and what came of it, as on a terminal.
 *
 * @param answer See `ask` in tools.js.
 * @param scratch The directory whose path is left out.
 */
export function printed(answer, scratch) {
  const { command, variables, stdout, stderr } = answer.report;
  const words = [...Object.entries(variables).map((pair) => pair.join('=')), ...namesOf(command)];
  const lines = plain(`${stderr}\n${stdout}`, scratch).split('\n');
  const shown = lines.slice(0, LINES).map((line) => cut(line));
  const more = lines.length > LINES ? [`… ${lines.length - LINES} more lines`] : [];
  const exit = answer.status === 0 ? [] : [`(exit code ${answer.status})`];
  return [`$ ${plain(words.join(' '), scratch)}`, ...shown, ...more, ...exit].join('\n');
}

/** What git says where a tool fails, whatever the commit. */
export function failure(answer, scratch) {
  const text = plain(answer.report.stderr, scratch);
  const [said] = /fatal: [^:\n]*/.exec(text) ?? [text.split('\n')[0]];
  return said.replace(/\b(?!0+\b)[0-9a-f]{10}\b/, '…');
}

/** Without what differs from one run to the next, and without empty lines; ids are short. */
function plain(text, scratch) {
  return text
    .replaceAll(scratch, '')
    .replaceAll(/\b([0-9a-f]{10})[0-9a-f]{30}\b/g, '$1')
    .replaceAll(/^(\[ WARN) [\d\-:. ]+\]/gm, '$1 …]')
    .replaceAll(/"timestamp":\d+/g, '"timestamp":…')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n');
}

function cut(line) {
  return line.length > COLUMNS ? `${line.slice(0, COLUMNS)}…` : line;
}

function namesOf([program, ...args]) {
  if (program === process.execPath) return ['affected', ...args.slice(1)];
  return [program.replace('node_modules/.bin/', ''), ...args];
}
