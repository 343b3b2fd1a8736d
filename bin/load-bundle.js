'use strict';
// Loads the bundle together with V8's code cache of it, which saves a third of the start-up. A cache made by another
// Node or with other flags is rejected by V8, which then compiles as usual. Node's own compile cache needs Node 22.
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

/** Where the build leaves the bundle and its code cache, below the package. */
const BUNDLE = join('dist', 'cli.cjs');
const CODE_CACHE = join('dist', 'cli.cache');

/**
 * Runs the bundle of the package in `directory` as a CommonJS module.
 *
 * @returns its exports, and the script, from which the build takes a new code cache.
 * @throws the file system's error when there is no bundle.
 */
function loadBundle(directory) {
  const filename = join(directory, BUNDLE);
  const source = readFileSync(filename, 'utf8');
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
  const script = new Script(wrapped, { filename, cachedData: readCache(join(directory, CODE_CACHE)) });
  const module = { exports: {} };
  const run = script.runInThisContext();
  run(module.exports, createRequire(filename), module, filename, dirname(filename));
  return { exports: module.exports, script };
}

function readCache(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

module.exports = { BUNDLE, CODE_CACHE, loadBundle };
