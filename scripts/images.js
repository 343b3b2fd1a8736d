// Builds this repository's images here, in build order: `npm run images`, see USAGE. What is built from what is said by
// `affected generate --format bake`, and docker buildx builds it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `Usage
  npm run images -- all|top-level|base|services|… [--platform linux/amd64,linux/arm64] [--push] [--dry-run]
  npm run images -- push vX.Y.Z [--platform …] [--dry-run]

A name is a directory below docker/ or one from the root, or an image. CI_REGISTRY_IMAGE is the registry to push to.`;

const OPTIONS = {
  platform: { type: 'string' },
  push: { type: 'boolean', default: false },
  'dry-run': { type: 'boolean', default: false },
};
const VERSION = /^v\d+\.\d+\.\d+(?:-[\w.-]+)?$/;
const affected = resolve(import.meta.dirname, '../bin/affected.js');

const scratch = mkdtempSync(join(tmpdir(), 'affected-images-'));
process.on('exit', () => rmSync(scratch, { recursive: true }));
main();

function main() {
  const { names, version, values } = parse();
  const file = join(scratch, 'docker-bake.json');
  const { group, target = {} } = generate({ file, version, platform: values.platform });
  const wanted = new Set(names.flatMap((name) => membersOf(name, { group, target })));
  const targets = group.default.targets.filter((one) => wanted.has(one));
  if (values.push && targets.some((one) => target[one].tags.some((tag) => tag.startsWith('localhost/')))) {
    refuse(
      'There is no registry to push to: set CI_REGISTRY_IMAGE, as in registry.example.com/group/project',
    );
  }
  const severalPlatforms = values.platform?.includes(',') ?? false;
  const output = values.push ? ['--push'] : severalPlatforms ? [] : ['--load'];
  const argv = ['buildx', 'bake', '--file', file, ...output, ...targets];
  for (const one of targets) console.log(`${one}\n  ${target[one].tags.join('\n  ')}`);
  if (severalPlatforms && !values.push)
    console.log('Docker keeps images of several platforms in its build cache only; --push pushes them.');
  if (values['dry-run'])
    return console.log(`docker ${argv.map((word) => (word === file ? 'docker-bake.json' : word)).join(' ')}`);
  needBuildx();
  if (spawnSync('docker', argv, { stdio: 'inherit' }).status !== 0)
    refuse('docker buildx bake failed; see above');
}

function parse() {
  let parsed;
  try {
    parsed = parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    refuse(`${error.message}\n\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  const [first, version, ...more] = positionals;
  if (first === undefined) refuse(USAGE);
  if (first !== 'push') return { names: positionals, version: undefined, values };
  if (version === undefined || more.length > 0 || !VERSION.test(version)) {
    refuse(`push takes one version, as in v1.2.3\n\n${USAGE}`);
  }
  const { status, stdout } = spawnSync('git', ['status', '--porcelain'], { encoding: 'utf8' });
  if (status !== 0 || stdout !== '') {
    refuse(`A version is built from a commit, and this working tree has changes; commit or stash them`);
  }
  return { names: ['all'], version, values: { ...values, push: true } };
}

/** The bake file of all images. */
function generate({ file, version, platform }) {
  const argv = ['generate', '--format', 'bake', '--output', file];
  if (version !== undefined) argv.push('--tag', version);
  if (platform !== undefined) argv.push('--platform', platform);
  const env = { ...process.env, AFFECTED_ALL: '1' };
  const { status, stderr } = spawnSync(process.execPath, [affected, ...argv], { env, encoding: 'utf8' });
  if (status !== 0) refuse(stderr.trim());
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The targets that a name means: all, a directory's, or an image's. */
function membersOf(name, { group, target }) {
  const below = (directory) => (Object.hasOwn(group, directory) ? group[directory].targets : undefined);
  const slug = name.replaceAll('/', '-').replaceAll(/[^a-zA-Z0-9_-]/g, '_');
  const members =
    name === 'all'
      ? below('default')
      : name === 'top-level'
        ? below('default').filter((one) => isTopLevel(target[one]))
        : (below(`docker-${slug}`) ?? below(slug) ?? (Object.hasOwn(target, slug) ? [slug] : []));
  if (members.length > 0) return members;
  const groups = Object.keys(group).filter((one) => one !== 'default');
  const known = group.default.targets.length === 0 ? ['none'] : ['all', ...groups, ...Object.keys(target)];
  refuse(`This repository has no images by the name "${name}". There are: ${known.join(', ')}`);
}

function isTopLevel({ context, dockerfile }) {
  return posix.dirname(posix.join(context, dockerfile)).split('/').length === 1;
}

function needBuildx() {
  const { error, status } = spawnSync('docker', ['buildx', 'version']);
  if (!error && status === 0) return;
  const missing = error ? 'Docker' : 'The buildx plugin of Docker';
  refuse(`${missing} is not here, and builds the images; --dry-run only tells what would be built`);
}

/** @returns {never} */
function refuse(message) {
  console.error(message);
  process.exit(2);
}
