// The same question to all, in one run, taking turns.
import { join } from 'node:path';
import { affected, measure, NODE } from '../measure.js';

const ROUNDS = Number(process.env.ROUNDS ?? 11);

const NATIVE_TURBO = `@turbo/${process.platform}-${process.arch === 'x64' ? '64' : process.arch}/bin/turbo`;

/** Median milliseconds by what was run, in a full clone. `node -e 0` is what no program for Node is faster than. */
export function timeTools({ cwd, base, head, modules, env }) {
  const bin = (name) => join(modules, '.bin', name);
  const range = ['--base', base, '--head', head];
  const turbo = ['query', 'affected', '--packages', ...range];
  const commands = {
    'node -e 0': NODE,
    affected: affected(...range),
    nx: [bin('nx'), 'show', 'projects', '--affected', '--json', '-t', 'build', ...range],
    turbo: [bin('turbo'), ...turbo],
    'turbo’s own program, which that starts': [join(modules, NATIVE_TURBO), ...turbo],
    moon: [bin('moon'), 'query', 'affected', '--downstream', 'deep'],
    lage: [bin('lage'), 'info', 'build', '--since', base],
  };
  const variables = { ...env, CI: 'true', MOON_BASE: base, MOON_HEAD: head };
  const words = Object.entries(variables).map((pair) => pair.join('='));
  const subjects = Object.entries(commands).map(([name, command]) => [
    name,
    [['env', '-i', ...words, ...command]],
  ]);
  return measure({ subjects, cwd, rounds: ROUNDS });
}
