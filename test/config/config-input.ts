import * as fc from 'fast-check';

const names = fc.constantFrom(
  'a',
  'docker',
  '10',
  '2',
  'true',
  'a b',
  '.x',
  'toString',
  'é',
  '\udc80',
  '...',
);
const path = fc.array(names, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
const glob = fc.oneof(path, fc.constantFrom('**', '*/Dockerfile', '{a,b}/**', '!(a)/b'));
const directory = fc.oneof(path, fc.constant('.'));
const directoryGlob = fc.oneof(directory, glob);
const buildArgs = fc.dictionary(fc.constantFrom('A', '_b', 'VERSION', 'constructor'), fc.string());
const valuesFile = fc.constantFrom('versions.env', '.env', 'a/b.toml', 'é.json', 'x.properties', 'x.yaml');
const keyedPath = fc.oneof(valuesFile, fc.constantFrom('**/*.{yml,json}', 'conf/*.toml'));
const keyPattern = fc.constantFrom('spark', 'spark.**', '*.version', 'a b.é', '**');
const hiddenJob = fc.constantFrom('.kaniko-build', '.x', '.a b');
const quantity = fc.constantFrom('1', '0.5', '500m', '4Gi', '64M');
const tag = fc.constantFrom('latest', '3.10', '1');
const placeholder = fc.constantFrom('{x}', '{y}', 'z');

/** Any mapping of good settings: what the parser must accept. */
export function goodConfigInput() {
  return settings((good) => good);
}

/** The same with a bad value here and there. */
export function configInput() {
  const bad = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('', '/', '..', '!', '{x}', 'a:b', []));
  return settings((good) => fc.oneof({ arbitrary: good, weight: 40 }, { arbitrary: bad, weight: 1 }));
}

type Spoil = <T>(good: fc.Arbitrary<T>) => fc.Arbitrary<unknown>;

function settings(or: Spoil) {
  const listOf = (item: fc.Arbitrary<unknown>, minLength = 0) =>
    or(fc.array(or(item), { minLength, maxLength: 3 }));
  const mappingOf = (key: fc.Arbitrary<string>, value: fc.Arbitrary<unknown>) =>
    or(fc.dictionary(key, or(value), { maxKeys: 4 }));
  const optional = { requiredKeys: [] };
  const variants = mappingOf(
    tag,
    fc.record({ args: or(buildArgs), target: or(fc.constantFrom('run', '0')) }, optional),
  );
  const keyedParts = { paths: listOf(keyedPath, 1), keys: listOf(keyPattern, 1) };
  const keyed = fc.record(keyedParts);
  const argsFile = fc.oneof(or(valuesFile), listOf(valuesFile, 1));
  const target = or(names.filter(isStage));
  const sizes = or(fc.record({ cpu: or(quantity), memory: or(quantity) }, optional));
  const runner = or(
    fc.record(
      {
        tags: listOf(fc.constantFrom('docker', 'big one', 'é'), 1),
        timeout: or(fc.constantFrom('1h', '1h 30m', '45 minutes', '3600 seconds')),
        retry: or(fc.constantFrom(0, 1, 2)),
        requests: sizes,
        limits: sizes,
        proxy: or(
          fc.record(
            {
              http: or(fc.constantFrom('http://proxy:3128', '$PROXY', '')),
              https: or(fc.constantFrom('https://u:$P@proxy/', 'http://é')),
              no: listOf(fc.constantFrom('localhost', '.example.com')),
            },
            optional,
          ),
        ),
        certificates: or(fc.constantFrom('$CA', 'etc/ca.pem')),
        mirrors: mappingOf(
          fc.constantFrom('docker.io', 'quay.io:443'),
          listOf(fc.constantFrom('a', 'b:1/c')),
        ),
        variables: or(
          fc.dictionary(fc.constantFrom('A', '_b', 'AFFECTED_FLAG_1', 'AFFECTED_CACHE'), fc.string()),
        ),
        allowFailure: or(fc.boolean()),
      },
      optional,
    ),
  );
  const component = or(
    fc.record(
      { arg: or(fc.constantFrom('A', 'VERSION')), as: or(fc.constantFrom('a-{value}', 'a.b_{value}-c')) },
      { requiredKeys: ['arg'] },
    ),
  );
  const image = {
    component,
    runner,
    variants,
    args: or(buildArgs),
    argsFile,
    context: or(directory),
    target,
  };
  return fc.record(
    {
      version: or(fc.constant(1)),
      targetBranch: or(fc.constantFrom('main', 'release/1.x', 'é')),
      base: or(
        fc.record(
          {
            schedules: or(fc.constantFrom('all', 'last-built')),
            tags: or(fc.constantFrom('all', 'previous-tag')),
          },
          optional,
        ),
      ),
      registry: or(fc.constantFrom('$CI_REGISTRY_IMAGE', 'localhost:5000', 'quay.io/group/project')),
      discover: or(fc.record({ dockerfiles: listOf(glob, 1), exclude: listOf(glob) }, optional)),
      names: mappingOf(directory, fc.constantFrom('a', 'base-a', 'group/a')),
      references: listOf(
        fc.oneof(
          fc.record(
            {
              match: or(placeholder.map((part) => `quay.io/${part}`)),
              directory: or(directory),
              tags: listOf(fc.constantFrom('latest', '3.10', '1'), 1),
              aliases: or(fc.dictionary(tag, tag)),
            },
            { requiredKeys: ['match', 'directory'] },
          ),
          fc.record(
            {
              regex: or(fc.constantFrom('a/(?<z>.*)', 'b|^c$', String.raw`quay\.io(?::\d+)?/z`)),
              directory: or(directory),
              tag: or(fc.constantFrom('{v}', '{v}-jdk', 'v1')),
            },
            { requiredKeys: ['regex', 'directory'] },
          ),
          fc.record({ table: or(fc.dictionary(fc.constantFrom('a', 'quay.io/a:1', '$R/b'), directory)) }),
        ),
      ),
      args: or(buildArgs),
      argsFile,
      tags: or(
        fc.record(
          {
            mergeRequest: listOf(fc.constantFrom('mr-{iid}', 'mr-{iid}-{sha}', 'mr-{iid}-x.y'), 1),
            branch: listOf(fc.constantFrom('branch-{branch}', 'branch-{branch}.{sha}'), 1),
            defaultBranch: listOf(fc.constantFrom('latest', '{branch}', 'x_{sha}', '{component}-1')),
            release: fc.constantFrom(['{tag}'], ['{version}', '{major}', 'stable'], []),
          },
          optional,
        ),
      ),
      template: or(hiddenJob),
      runner,
      dockerignore: or(fc.constantFrom('kaniko', 'docker', 'union')),
      images: mappingOf(
        directoryGlob,
        fc.record({ ...image, template: or(hiddenJob), inputs: listOf(fc.oneof(glob, or(keyed))) }, optional),
      ),
      inputs: listOf(
        fc.oneof(
          fc.record(
            { paths: listOf(glob, 1), images: listOf(directoryGlob, 1) },
            { requiredKeys: ['paths'] },
          ),
          fc.record({ ...keyedParts, images: listOf(directoryGlob, 1) }, { requiredKeys: ['paths', 'keys'] }),
        ),
      ),
      unowned: or(
        fc.record(
          { policy: or(fc.constantFrom('ignore', 'all', 'error')), except: listOf(glob) },
          { requiredKeys: [] },
        ),
      ),
      limits: or(
        fc.record(
          {
            tier: or(fc.constantFrom('self-managed', 'free', 'premium', 'ultimate')),
            jobs: or(fc.integer({ min: 1 })),
            needs: or(fc.integer({ min: 1 })),
          },
          optional,
        ),
      ),
    },
    optional,
  );
}

function isStage(name: string): boolean {
  return /^[a-z0-9]+$/i.test(name);
}
