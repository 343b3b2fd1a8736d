import manifest from '../package.json' with { type: 'json' };
import { run } from './run.ts';

export { run };

/** Runs this process's command line; the only place that sets the exit code. */
export async function main(): Promise<void> {
  const used = new Set<NodeJS.WriteStream>();
  const write = (stream: NodeJS.WriteStream, text: string) => {
    used.add(stream);
    stream.write(text);
  };
  // Node takes its time to open it: once git is at work.
  setImmediate(openStdout);
  const exitCode = await run({
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    version: manifest.version,
    get isTerminal() {
      return process.stdout.isTTY;
    },
    get stderrIsTerminal() {
      return process.stderr.isTTY;
    },
    stdout: (text) => write(openStdout(), text),
    stderr: (text) => write(openStderr(), text),
  });
  process.exitCode ??= exitCode;
  // All is said, and V8's unfinished compilations need not be waited for; else the process ends when its reader is done,
  // or when it has been told what went wrong.
  if ([...used].every((stream) => stream.writableLength === 0 && stream.errored === null)) process.exit();
}

function openStdout(): NodeJS.WriteStream {
  if (process.stdout.listenerCount('error') === 0) {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      // A reader that stops early, such as `head`, is no error.
      if (error.code === 'EPIPE' || process.exitCode === 2) return;
      process.exitCode = 2;
      openStderr().write(`affected: the output can't be written: ${error.message} [unwritable-output]\n`);
    });
  }
  return process.stdout;
}

/** Who can't be told what went wrong still reads the exit code; without a listener Node would make it 1. */
function openStderr(): NodeJS.WriteStream {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => {});
  return process.stderr;
}
