import manifest from '../package.json' with { type: 'json' };
import { run } from './run.ts';

export { run };

/** Runs this process's command line; the only place that sets the exit code. */
export async function main(): Promise<void> {
  // A reader that stops early, such as `head`, is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.exitCode = await run({
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    version: manifest.version,
    isTerminal: process.stdout.isTTY,
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  });
}
