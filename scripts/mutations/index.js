import { backtest } from './backtest.js';
import { bake } from './bake.js';
import { builders } from './builders.js';
import { fingerprint } from './fingerprint.js';
import { frontEnd } from './front-end.js';
import { gitlab } from './gitlab.js';
import { ignoreFiles } from './ignore-files.js';
import { init } from './init.js';
import { limits } from './limits.js';
import { precision } from './precision.js';
import { publish } from './publish.js';
import { references } from './references.js';
import { selectors } from './selectors.js';
import { registry } from './registry.js';
import { sides } from './sides.js';
import { speed } from './speed.js';
import { steps } from './steps.js';
import { tags } from './tags.js';
import { values } from './values.js';
import { words } from './words.js';

const tables = [
  frontEnd,
  words,
  selectors,
  ignoreFiles,
  references,
  values,
  sides,
  precision,
  speed,
  fingerprint,
  backtest,
  init,
  gitlab,
  registry,
  publish,
  limits,
  bake,
  builders,
  tags,
  steps,
];

/**
 * Each rule with the text that states it and what that is replaced by: `{ rule, file, find, replace }`. `find` must be
 * in the file just once.
 */
export const mutations = tables.flatMap((files) =>
  Object.entries(files).flatMap(([file, rows]) =>
    rows.map(([rule, find, replace]) => ({ rule, file: `src/${file}`, find, replace })),
  ),
);
