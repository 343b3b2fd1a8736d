import { defaultTags } from './default-tags.ts';
import type { Config } from './schema.ts';

/**
 * The configuration of a repository without `affected.yml`: what the schema makes of an empty one, written out so that
 * its library need not be loaded.
 */
export const defaultConfig: Config = {
  base: { schedules: 'all', tags: 'all' },
  registry: '$CI_REGISTRY_IMAGE',
  discover: { dockerfiles: ['**/Dockerfile'], exclude: [] },
  names: [],
  args: {},
  tags: defaultTags,
  template: '.kaniko-build',
  verify: {},
  publish: '.affected-publish',
  sign: 'off',
  reuse: 'protected',
  dockerignore: 'kaniko',
  images: [],
  inputs: [],
  unowned: { policy: 'ignore', except: [] },
  limits: { tier: 'self-managed' },
};
