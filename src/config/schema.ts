import * as z from 'zod/mini';
import {
  branch,
  buildArgs,
  directory,
  directoryGlob,
  directoryPattern,
  glob,
  hiddenJob,
  imageName,
  keyPattern,
  registry,
  stageName,
  valuesFile,
} from './fields.ts';
import { keysUsable } from './keyed-inputs.ts';
import { limits } from './limits.ts';
import { placeholdersBound } from './placeholders.ts';
import { reference } from './reference.ts';
import { runner } from './runner.ts';
import { described, listOf, mapping, someOf } from './shapes.ts';
import { component, tags } from './tags.ts';
import { variants } from './variants.ts';
import { verify } from './verify.ts';

const argsFile = z.union([valuesFile, someOf(valuesFile, 'files')], {
  error: 'write the path of a file, or a list of them',
});

const discover = mapping('write a mapping with dockerfiles or exclude', {
  dockerfiles: described(
    z.prefault(someOf(glob, 'globs'), ['**/Dockerfile']),
    'Globs of the Dockerfiles to build, over repository paths. Each is one image.',
  ),
  exclude: described(z.prefault(listOf(glob, 'globs'), []), 'Globs of the Dockerfiles to leave out.'),
});

const names = z.pipe(
  z
    .record(directoryPattern, imageName, { error: 'write a mapping of directory patterns to image names' })
    .check(
      placeholdersBound((entries) =>
        Object.entries(entries).map(([pattern, value]) => ({ pattern, value, path: [pattern] })),
      ),
    ),
  z.transform((entries) => Object.entries(entries).map(([pattern, name]) => ({ directory: pattern, name }))),
);

const keys = described(
  someOf(keyPattern, 'keys'),
  'Only these keys of the files count, each with everything below it; * stands for any part of a key, ** for any number of keys.',
);

const ownInput = z.union(
  [
    glob,
    mapping('write a mapping with paths and keys', {
      paths: described(someOf(glob, 'globs'), 'Globs of files with keys, relative to the repository root.'),
      keys,
    }).check(keysUsable()),
  ],
  { error: 'write a glob, or a mapping with paths and keys' },
);

const imageSettings = mapping('write a mapping of settings', {
  args: described(z.exactOptional(buildArgs), 'Build args, merged over the args of every image.'),
  argsFile: described(
    z.exactOptional(argsFile),
    'File of build args for these images, or a list; args counts more, and of several files the last.',
  ),
  context: described(
    z.exactOptional(directory),
    "Build context, relative to the repository root; . is the root. The image's own directory when absent.",
  ),
  target: described(z.exactOptional(stageName), 'Build stage to build. The last when absent.'),
  template: described(z.exactOptional(hiddenJob), 'Hidden job that the build job extends.'),
  runner: described(
    z.exactOptional(runner),
    'What runs their build jobs, over what is set for every image; of requests, limits, proxy, mirrors and variables each key by itself.',
  ),
  verify: described(
    z.exactOptional(verify),
    'What is asked of these images before their tags move, step by step over what is set for every image.',
  ),
  inputs: described(
    z.exactOptional(listOf(ownInput, 'globs')),
    'Globs of further files that change the image, relative to the repository root; or of files with keys, and the keys that do.',
  ),
  component: described(
    z.exactOptional(component),
    'The software whose version the image is tagged with on the default branch, and labelled with.',
  ),
  variants: described(
    z.exactOptional(variants),
    'Variant name to settings: the Dockerfile is built once for each, as <image>:<variant>. A later entry replaces the whole set; an empty one takes it away.',
  ),
});

const images = z.pipe(
  z.record(directoryGlob, imageSettings, { error: 'write a mapping of directory globs to settings' }),
  z.transform((entries) =>
    Object.entries(entries).map(([key, settings]) => ({ directory: key, ...settings })),
  ),
);

const sharedInput = mapping('write a mapping with paths', {
  paths: described(someOf(glob, 'globs'), 'Globs of the shared files, relative to the repository root.'),
  keys: z.exactOptional(keys),
  images: described(
    z.prefault(someOf(directoryGlob, 'directory globs'), ['**']),
    'Globs of the images that the files change, as under `images`. All when absent. With keys, {name} stands for one path segment.',
  ),
}).check(keysUsable());

const base = mapping('write a mapping with schedules or tags', {
  schedules: described(
    z.prefault(z.enum(['all', 'last-built'], { error: 'write all or last-built' }), 'all'),
    'What a pipeline without a change of its own (schedule, web, API, trigger) compares with: nothing, so that every image is built, or the last commit of the branch whose images were built.',
  ),
  tags: described(
    z.prefault(z.enum(['all', 'previous-tag'], { error: 'write all or previous-tag' }), 'all'),
    'What the pipeline of a tag compares with: nothing, so that every image is built, or the newest tag in its history.',
  ),
});

const unowned = mapping('write a mapping with policy or except', {
  policy: described(
    z.prefault(z.enum(['ignore', 'all', 'error'], { error: 'write ignore, all or error' }), 'ignore'),
    'What follows when such a file changes: nothing, every image is affected, or the run fails with exit code 1.',
  ),
  except: described(
    z.prefault(listOf(glob, 'globs'), []),
    'Globs of the files that are known to change no image, relative to the repository root.',
  ),
});

/**
 * What `affected.yml` may hold. The mappings whose order decides (`names`, `images`) become lists; everything else
 * keeps its shape. The message of an issue is the expectation alone (the schema has no locale); that of an
 * unknown-key issue lists the known keys, separated by spaces.
 */
export const Config = mapping('write a mapping of settings', {
  version: described(
    z.exactOptional(z.literal(1, { error: 'the only version is the number 1' })),
    'Version of this format.',
  ),
  targetBranch: described(
    z.exactOptional(branch),
    'Branch to compare with where neither the CI variables nor origin/HEAD tell it.',
  ),
  base: described(z.prefault(base, {}), 'What pipelines that have no change of their own compare with.'),
  registry: described(
    z.prefault(registry, '$CI_REGISTRY_IMAGE'),
    'Prefix of every image of this repository. May hold CI variables.',
  ),
  discover: described(z.prefault(discover, {}), 'Which Dockerfiles are images.'),
  names: described(
    z.prefault(names, {}),
    'Directory pattern to image name; the first that matches counts. {name} stands for one path segment. An image without one is named after its directory.',
  ),
  references: described(
    z.exactOptional(listOf(reference, 'references')),
    'Which references in FROM and --from are images of this repository; the first that matches one counts.',
  ),
  args: described(z.prefault(buildArgs, {}), 'Build args of every image that takes them.'),
  argsFile: described(
    z.exactOptional(argsFile),
    'File of build args (.env, .properties, .json, .yml, .yaml or .toml), or a list; args counts more, and of several files the last. Of a structured file only the values at the top count.',
  ),
  tags: described(
    z.prefault(tags, {}),
    'The tags of images by the kind of the pipeline; each list replaces the default one.',
  ),
  template: described(z.prefault(hiddenJob, '.kaniko-build'), 'Hidden job that every build job extends.'),
  runner: described(z.exactOptional(runner), 'What runs the build jobs of every image.'),
  verify: described(z.prefault(verify, {}), 'What is asked of every image between its build and its tags.'),
  publish: described(
    z.prefault(hiddenJob, '.affected-publish'),
    'Hidden job that moves the tags of verified images.',
  ),
  sign: described(
    z.prefault(
      z.union([hiddenJob, z.enum(['keyless', 'off'])], {
        error: 'write the name of a hidden job, which begins with ".", keyless or off',
      }),
      'off',
    ),
    'How images are signed before their tags move: by a hidden job such as .affected-sign, which has a key; keyless, by a job of the pipeline above, as GitLab gives none below it an identity; or not.',
  ),
  reuse: described(
    z.prefault(z.enum(['protected', 'all', 'off'], { error: 'write protected, all or off' }), 'protected'),
    'Which images are copied instead of being built again, where the registry has them as they are at the commit: on protected branches and tags those that such a pipeline verified, elsewhere any; all: on protected ones any, verified before their tags move; off: none.',
  ),
  dockerignore: described(
    z.prefault(z.enum(['kaniko', 'docker', 'union'], { error: 'write kaniko, docker or union' }), 'kaniko'),
    "Whose rules for .dockerignore count: Kaniko's, Docker's, or only what both leave out.",
  ),
  images: described(
    z.prefault(images, {}),
    'Glob to settings of the images whose directory it matches, or, where a directory holds several Dockerfiles, <directory>/alpine for its Dockerfile.alpine. Several may match: later ones win, args are merged.',
  ),
  inputs: described(
    z.prefault(listOf(sharedInput, 'shared inputs'), []),
    'Files that change images from outside of their build contexts.',
  ),
  unowned: described(
    z.prefault(unowned, {}),
    'Files that are an input of no image and lie below the directory of none.',
  ),
  limits: described(
    z.prefault(limits, {}),
    'What GitLab refuses, where it is not what a server of your own refuses by default.',
  ),
});
export type Config = z.infer<typeof Config>;
