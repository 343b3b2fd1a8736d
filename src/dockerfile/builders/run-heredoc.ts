import { heredocOpening } from '../heredoc.ts';
import type { Instruction } from '../instruction.ts';
import type { Construct } from './differences.ts';
import type { Report } from './found.ts';
import { unlessRefused } from '../words.ts';

/**
 * What becomes of a RUN with a heredoc. One that is all of the command, `RUN <<EOF`, BuildKit runs as a script, by its
 * first line's program or by SHELL (dockerfile2llb, dispatchRun). Kaniko hands the shell `<<EOF sh`, so that the shell
 * expands the script first; it does so only where the word is `<<` and the name alone, and hands it any other as it is,
 * with no command to read it (pkg/commands/run.go, runCommandInExec).
 */
export function heredocConstructs(run: Instruction, shell: readonly string[] | undefined): Report[] {
  const [heredoc] = run.heredocs;
  if (heredoc === undefined) return [];
  const found: Construct[] = ['run-heredoc'];
  const command = run.arguments;
  if (isScript(command)) {
    if (command !== `<<${heredoc.delimiter}`) found.push('run-heredoc-unrun');
    else if (/^#!(?!\s*\/bin\/sh\s*\n)/.test(heredoc.content)) found.push('run-heredoc-program');
    else if (changesWhenExpanded(heredoc.content)) found.push('run-heredoc-expanded');
    else if (shell && !/^(?:\/bin\/)?sh -c$/.test(shell.join(' '))) found.push('run-heredoc-shell');
  }
  return found.map((construct) => ({ construct, shown: `RUN ${command}` }));
}

function isScript(command: string): boolean {
  return unlessRefused(() => heredocOpening(command) !== undefined, false);
}

const SPECIAL = /\\[\\$`]|`|\$\(|\$\{?[?!#@*$\d-]/;
const NAME = /\$\{?([A-Za-z_]\w*)/g;
/** Runs what may set any variable. */
const SOURCED = /(?:^|[\s;&|(])(?:\.|source|eval|read|getopts)\s/;

/**
 * Whether a shell script means something else when a shell has expanded it before: it runs commands in a word, or a
 * variable it sets is used. The variables it starts with have the same value either way.
 */
function changesWhenExpanded(script: string): boolean {
  if (SPECIAL.test(script)) return true;
  const used = new Set([...script.matchAll(NAME)].map(([, name]) => name as string));
  if (used.size === 0) return false;
  if (SOURCED.test(script) || (used.has('PWD') && /\bcd\s/.test(script))) return true;
  return [...used].some((name) =>
    new RegExp(String.raw`(?<![^\s;&|({])${name}(?:\+?=|:=|\s+in\s)`).test(script),
  );
}
