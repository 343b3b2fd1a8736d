// Bundles the command line into dist/: a chunk that starts it, one that compares two commits, and the rest in chunks that
// are read when they are asked for; and V8's code caches of them, because start-up time is a feature.
import { rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { build } from 'rolldown';
import loader from '../bin/load-bundle.js';
import { warmUp } from './warm-up.js';

const root = resolve(import.meta.dirname, '..');

await rm(join(root, 'dist'), { recursive: true, force: true });
await build({
  cwd: root,
  input: { cli: 'src/cli.ts' },
  platform: 'node',
  transform: { target: 'node20.19', define: { 'import.meta.dirname': '__dirname' } },
  // The same library as ES modules: only what is used of it is bundled.
  resolve: { alias: { yaml: join(packageDirectory('yaml'), 'browser/index.js') } },
  output: {
    dir: join(root, 'dist'),
    format: 'cjs',
    dynamicImportInCjs: false,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    codeSplitting: {
      groups: [
        // Git is asked where it is while the rest is read.
        { name: 'start', test: /src.(run|commands.locate)\.ts$/, priority: 2 },
        // With all that they import.
        { name: 'compare', test: /src.commands.(preview|compare)\.ts$/, priority: 1 },
      ],
    },
    minify: true,
    sourcemap: true,
    comments: { legal: true, annotation: false, jsdoc: false },
  },
});
const { exports, scripts } = loader.loadBundle(root);
await warmUp(exports.run);
for (const [file, script] of scripts) await writeFile(loader.codeCacheOf(file), script.createCachedData());

function packageDirectory(name) {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}
