import { compileGlobs } from '../images/globs.ts';
import { linkedFiles } from '../images/declared-globs.ts';
import { followLinks } from '../images/links.ts';
import { compileKeyPattern } from '../values/key-pattern.ts';
import type { BlobStore } from './blob-store.ts';
import type { CheckFinding } from './check-settings.ts';
import { CONFIG_FILE } from './load-config.ts';
import type { LoadedSide } from './load-side.ts';

/** Inputs by key that can't be read, and keys that no file has: a mistyped one is missed on every run. */
export async function keyFindings(side: LoadedSide, blobs: BlobStore): Promise<CheckFinding[]> {
  const { config, snapshot, tree } = side;
  const own = config.images.flatMap(({ directory, inputs = [] }) =>
    inputs.flatMap((input) =>
      typeof input === 'string' ? [] : [{ ...input, setting: `images["${directory}"].inputs` }],
    ),
  );
  const shared = config.inputs.flatMap(({ paths, keys }) =>
    keys ? [{ paths, keys, setting: 'inputs' }] : [],
  );
  const inputs = [...shared, ...own];
  if (inputs.length === 0) return [];
  const findings: CheckFinding[] = [];
  const { readValues } = await import('./read-values.ts');
  for (const { paths, keys, setting } of inputs) {
    const linked = paths.flatMap((glob) => [...linkedFiles(snapshot, glob).keys()]);
    const files = [...new Set([...tree.paths.filter(compileGlobs(paths)), ...linked])];
    const targets = files.flatMap((file) => followLinks(snapshot, file).path ?? []);
    await blobs.read(tree, targets);
    const readings = files.map((file) => readValues(snapshot, file, { single: false }));
    for (const reading of readings) {
      if ('message' in reading) findings.push({ code: 'declared-input', message: reading.message });
    }
    // What can't be read, or is not there, has been told already.
    if (files.length === 0 || readings.some(({ kind }) => kind !== 'read')) continue;
    const values = readings.flatMap((reading) =>
      reading.kind === 'read' ? [...reading.values.values()] : [],
    );
    for (const key of keys) {
      const { matches } = compileKeyPattern(key.replace(/\{[A-Za-z_]\w*\}/g, '*'));
      if (values.some(({ path }) => matches(path))) continue;
      const message = `${CONFIG_FILE}: ${setting}: no key of ${paths.join(', ')} matches ${key}`;
      findings.push({ code: 'unused-setting', message });
    }
  }
  return findings;
}
