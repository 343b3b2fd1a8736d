'use strict';
// Loads the bundle's chunks, each with V8's code cache of it, which saves a third of the start-up. A cache made by another
// Node or with other flags is rejected by V8, which then compiles as usual. Node's own compile cache needs Node 22.
const { readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

/** Where the build leaves the chunk that starts the program, below the package. */
const BUNDLE = join('dist', 'cli.cjs');

/**
 * Runs the bundle of the package in `directory` as a CommonJS module; it asks for further chunks as it needs them.
 *
 * @returns its exports, and by their files the scripts loaded so far, from which the build takes new code caches.
 * @throws the file system's error when there is no bundle.
 */
function loadBundle(directory) {
  const modules = new Map();
  const scripts = new Map();
  const outside = createRequire(join(directory, BUNDLE));
  const load = (filename) => {
    const known = modules.get(filename);
    if (known) return known.exports;
    const source = readFileSync(filename, 'utf8');
    const wrapped = `(function (exports, require, module, __filename, __dirname) {${source}\n})`;
    const script = new Script(wrapped, { filename, cachedData: readCache(codeCacheOf(filename)) });
    const module = { exports: {} };
    modules.set(filename, module);
    scripts.set(filename, script);
    script.runInThisContext()(module.exports, require, module, filename, dist);
    return module.exports;
  };
  const dist = join(directory, 'dist');
  const require = (id) => (id.startsWith('./') ? load(join(dist, id)) : outside(id));
  return { exports: load(join(directory, BUNDLE)), scripts };
}

function codeCacheOf(chunk) {
  return chunk.replace(/cjs$/, 'cache');
}

function readCache(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

module.exports = { BUNDLE, codeCacheOf, loadBundle };
