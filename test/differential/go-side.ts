import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Answer, Question } from './kind.ts';

export interface GoSide {
  ask: (question: Question) => Promise<Answer>;
  close: () => void;
}

/** Builds and starts the Go program of `directory`; `scratch` takes what is built. */
export function startGoSide(directory: string, scratch: string): GoSide {
  const program = join(scratch, 'differential');
  execFileSync('go', ['build', '-o', program, '.'], { cwd: directory, stdio: 'inherit' });
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'pipe'] });
  const waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    waiting.shift()?.resolve(JSON.parse(line) as Answer);
  });
  // The scanner tells there of every odd byte; only the last words of a program that fell over matter.
  let last = '';
  child.stderr.on('data', (data: Buffer) => (last = `${last}${data.toString()}`.slice(-2000)));
  child.on('close', (code) => {
    for (const { reject } of waiting) reject(new Error(`the Go program ended with ${code}: ${last}`));
  });
  return { ask: (question) => ask(child, waiting, question), close: () => void child.stdin.end() };
}

function ask(
  { stdin }: ChildProcess,
  waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void }[],
  question: Question,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    waiting.push({ resolve, reject });
    stdin?.write(`${JSON.stringify(question)}\n`);
  });
}

/** Where BuildKit's own Dockerfiles for its tests lie: the best corpus there is. */
export function buildkitDirectory(directory: string): string {
  const args = ['list', '-m', '-f', '{{.Dir}}', 'github.com/moby/buildkit'];
  const found = execFileSync('go', args, { cwd: directory }).toString().trim();
  return join(found, 'frontend/dockerfile/parser');
}
