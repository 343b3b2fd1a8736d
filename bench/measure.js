// Subjects taking turns in one run, so that a slow moment hits all of them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const peakMemory = join(import.meta.dirname, 'peak-memory.cjs');

export const NODE = [process.execPath, '-e', '0'];

/** One command of this checkout's affected. */
export function affected(...args) {
  return [process.execPath, join(root, 'bin/affected.js'), ...args];
}

/** Each subject's median milliseconds; a subject is a name and the commands it runs one after the other. */
export function measure({ subjects, cwd, rounds }) {
  const times = new Map(subjects.map(([name]) => [name, []]));
  // The first rounds only warm the caches.
  for (let round = -2; round < rounds; round++) {
    for (const [name, commands] of subjects) {
      const start = performance.now();
      for (const command of commands) run(command, cwd);
      if (round >= 0) times.get(name).push(performance.now() - start);
    }
  }
  return new Map([...times].map(([name, all]) => [name, all.sort((a, b) => a - b)[all.length >> 1]]));
}

/** Megabytes that a Node command holds at most. */
export function peakMegabytes([node, ...args], cwd) {
  const directory = mkdtempSync(join(tmpdir(), 'affected-peak-'));
  const file = join(directory, 'peak');
  try {
    run([node, '--require', peakMemory, ...args], cwd, { ...process.env, PEAK_MEMORY_FILE: file });
    return Number(readFileSync(file, 'utf8')) / 1024;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The medians, and how many times that of `base` each of them is. */
export function report(title, medians, base) {
  console.log(title);
  for (const [name, median] of medians) {
    const ratio = (median / medians.get(base)).toFixed(2);
    console.log(`  ${name.padEnd(40)} ${median.toFixed(1).padStart(7)} ms  ${ratio.padStart(5)} ×`);
  }
}

export function run([program, ...args], cwd, env = process.env) {
  const { status, stderr } = spawnSync(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}
