import { frontEnd } from './front-end.js';
import { ignoreFiles } from './ignore-files.js';
import { references } from './references.js';
import { selectors } from './selectors.js';
import { sides } from './sides.js';
import { words } from './words.js';

/**
 * Each rule with the text that states it and what that is replaced by: `{ rule, file, find, replace }`. `find` must be
 * in the file just once.
 */
export const mutations = [frontEnd, words, selectors, ignoreFiles, references, sides].flatMap((files) =>
  Object.entries(files).flatMap(([file, rows]) =>
    rows.map(([rule, find, replace]) => ({ rule, file: `src/${file}`, find, replace })),
  ),
);
