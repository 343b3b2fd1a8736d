// Holds the Dockerfile front end against moby's own code: `npm run differential`, see test/differential/README.md.
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'rolldown';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'test/differential');

if (spawnSync('go', ['version']).status !== 0) {
  console.error(
    'Go is not installed: there is nothing to compare with. Install the Go that test/differential/go/go.mod names, and try again.',
  );
  process.exit(2);
}
const scratch = await mkdtemp(join(tmpdir(), 'affected-differential-'));
try {
  const outfile = join(scratch, 'main.mjs');
  await build({
    input: join(source, 'main.ts'),
    platform: 'node',
    output: { file: outfile, format: 'esm', codeSplitting: false },
    logLevel: 'warn',
  });
  const { main } = await import(outfile);
  process.exitCode = await main({ argv: process.argv.slice(2), directory: join(source, 'go'), scratch });
} finally {
  await rm(scratch, { recursive: true, force: true });
}
