import { spawnSync } from 'node:child_process';

/** A shell, by its command and first arguments. */
export type Shell = readonly [command: string, ...args: string[]];

/** Shells that runners have, in all their kinds: busybox is Kaniko's own. `sh` is everywhere. */
export const SHELLS: readonly Shell[] = [['sh'], ['dash'], ['bash'], ['busybox', 'sh']];

/** Of these, the ones this machine has; what is missing is said once a test file. */
export function shellsHere(shells: readonly Shell[] = SHELLS): readonly Shell[] {
  const here = shells.filter(([command, ...args]) => !spawnSync(command, [...args, '-c', ':']).error);
  const missing = shells.filter((shell) => !here.includes(shell)).map((shell) => shell.join(' '));
  if (missing.length > 0) process.stderr.write(`Not tested, as it is not on PATH: ${missing.join(', ')}\n`);
  return here;
}
