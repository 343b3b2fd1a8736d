// What can be told of by hand too: the three edges that no FROM states, as dependencies of packages, and that no build
// reads `docs`.
import { declarations, lockFile, settings } from './declarations.js';
import { FROM, imageNames } from './repository.js';

const MORE = { hive: ['tools'], trino: ['tools'], notebook: ['spark'] };
const DECLARED = Object.fromEntries(imageNames.map((name) => [name, [...FROM[name], ...(MORE[name] ?? [])]]));

export const declaredFiles = {
  'package-lock.json': lockFile(DECLARED),
  ...settings({ leftOut: ['docs'] }),
  'images/dbt/moon.yml': declarations('dbt', FROM.dbt, { inputs: ['**/*', '!docs/**'] })['moon.yml'],
  ...Object.fromEntries(
    Object.keys(MORE).flatMap((name) =>
      Object.entries(declarations(name, DECLARED[name])).map(([path, text]) => [
        `images/${name}/${path}`,
        text,
      ]),
    ),
  ),
};
