#!/usr/bin/env node
// Runs the bundle that `npm ci` builds; without it, says how to get one.
try {
  await import('../dist/cli.js');
} catch (error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !String(error.message).includes('dist/cli.js')) throw error;
  process.stderr.write('affected is not built yet: run `npm ci` in its directory.\n');
  process.exitCode = 2;
}
