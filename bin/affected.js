#!/usr/bin/env node
'use strict';
// Runs the bundle that `npm ci` builds; without it, says how to get one.
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { BUNDLE, loadBundle } = require('./load-bundle.js');

const directory = join(__dirname, '..');
if (existsSync(join(directory, BUNDLE))) {
  loadBundle(directory).exports.main();
} else {
  process.stderr.write(`affected is not built yet: run "npm ci" in ${directory}.\n`);
  process.exitCode = 2;
}
