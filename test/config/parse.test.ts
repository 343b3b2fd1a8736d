import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { AffectedError } from '../../src/errors.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { defaultConfig } from '../../src/config/default-config.ts';
import { configInput, goodConfigInput } from './config-input.ts';
import { runs } from '../support/runs.ts';

const TOP_LEVEL_KEYS =
  '`version`, `targetBranch`, `base`, `registry`, `discover`, `names`, `references`, `args`, `argsFile`, `tags`, `template`, `runner`, `verify`, `publish`, `sign`, `reuse`, `dockerignore`, `images`, `inputs`, `unowned`, `limits`';
const DIRECTORY =
  'write a directory relative to the repository root, where {name} stands for a part of the path and "*", "?" and "$" cannot be used, such as docker/base/{x}';
const EXPRESSION =
  'write a JavaScript regular expression that is valid with the flag u, such as registry\\.example\\.com/(?<x>[^/]+)';
const TABLE_KEY =
  'write a repository as it is written in the Dockerfile, with a tag or without, such as quay.io/acme/base or acme/tool:1.2';
const KINDS =
  'only .yml, .yaml, .json, .toml, .env and .properties files have keys; end the glob in one of these, or leave out keys';
const KEY =
  'write keys with dots between them, where "*" stands for any part of a key, "**" for any number of keys and {name} for a part of the image\'s directory, such as spark.version';
const VALUES_FILE =
  'write a .env, .properties, .json, .yml, .yaml or .toml file relative to the repository root, without "..", such as versions.env';
const NO_CANDIDATE = 'that does not begin with mr-, branch-, candidate-, h-, commit- or sha256-';
const CANDIDATE =
  'write a tag that begins with mr-{iid}, such as mr-{iid}-{sha}, with letters, digits, ".", "-" and {sha} behind it, at most 25 characters';
const publishedBy = (placeholders: string) =>
  `write a tag of letters, digits, ".", "_", "-" and ${placeholders}, at most 128 characters, ${NO_CANDIDATE}`;
const COMPONENT = `write a tag with {value} in it and a name before that, such as nessie-{value}, ${NO_CANDIDATE}`;
const GLOB =
  'write a glob relative to the repository root, without "..", a leading "!" or a trailing "/", such as';

describe('a good file', () => {
  test.each([[''], ['# nothing yet\n'], ['---\n'], ['{}'], ['\uFEFF'], ['~']])(
    '%j means the defaults',
    (text) => {
      expect(parseConfig(text, 'affected.yml')).toEqual(defaultConfig);
    },
  );

  test('the defaults', () => {
    expect(defaultConfig).toEqual({
      base: { schedules: 'all', tags: 'all' },
      registry: '$CI_REGISTRY_IMAGE',
      discover: { dockerfiles: ['**/Dockerfile'], exclude: [] },
      names: [],
      args: {},
      tags: {
        mergeRequest: ['mr-{iid}', 'mr-{iid}-{sha}'],
        branch: ['branch-{branch}', 'branch-{branch}-{sha}'],
        defaultBranch: ['latest', '{branch}', '{sha}', '{component}'],
        release: ['{tag}', '{version}', '{major}.{minor}', '{major}'],
      },
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
    });
  });

  test('with every setting', () => {
    const text = `
# yaml-language-server: $schema=./affected.schema.json
version: 1
targetBranch: main
base: { schedules: last-built, tags: previous-tag }
registry: registry.example.com/group/project
discover:
  dockerfiles: ["**/Dockerfile", "**/*.Dockerfile"]
  exclude: [attic/**]
names:
  "docker/base/{x}": "base-{x}"
references:
  - match: "quay.io/jupyter/{x}"
    directory: "images/{x}"
    tags: [latest]
  - regex: 'r\\.io(?::\\d+)?/(?<x>[\\w-]+)'
    tag: "{v}-jdk"
    directory: "images/{x}/{v}"
    aliases: { latest: "21-jdk", 8: "11-jdk" }
  - table: { quay.io/acme/base: docker/base, "acme/tool:1.2": . }
args: { NAME: value }
argsFile: versions.env
tags:
  mergeRequest: ["mr-{iid}"]
  branch: ["branch-{branch}.{sha}"]
  defaultBranch: []
  release: ["v{version}", "{version}", "{component}-{major}.{minor}", stable]
template: .build
verify: { scan: .our-scan, sbom: false }
publish: .our-publish
sign: keyless
reuse: all
dockerignore: union
runner:
  tags: [kubernetes, "big one"]
  timeout: 1h 30m
  retry: 2
  requests: { cpu: 500m, memory: 2Gi }
  limits: { memory: "4294967296" }
  allowFailure: false
images:
  "pyspark":
    runner: { variables: { AFFECTED_FLAG_1: --single-snapshot, HTTPS_PROXY: $PROXY } }
    args: {VERSION: "4.0.1"}
    argsFile: [pyspark/versions.yml, .env]
    context: .
    target: runtime
    template: .other-build
    inputs: ["shared/spark/**", {paths: ["conf/*.{yml,json}"], keys: [spark]}]
  "java":
    component: { arg: JAVA, as: "jdk-{value}" }
    variants:
      21: { args: {JAVA: "21"}, tags: ["21", latest] }
      "8-slim": { target: slim }
      other: {}
inputs:
  - paths: ["versions.env"]
  - paths: ["certificates/*.pem"]
    images: ["docker/**", "."]
  - paths: [versions.toml]
    keys: ["spark.**", "{x}.version"]
    images: ["docker/spark", "docker/{x}"]
unowned:
  policy: error
  except: ["docs/**", "*.md", LICENSE]
limits: { tier: premium, jobs: 1200, needs: 40, dotenvVariables: 30 }
`;
    expect(parseConfig(text, 'affected.yml')).toEqual({
      version: 1,
      targetBranch: 'main',
      base: { schedules: 'last-built', tags: 'previous-tag' },
      registry: 'registry.example.com/group/project',
      discover: { dockerfiles: ['**/Dockerfile', '**/*.Dockerfile'], exclude: ['attic/**'] },
      names: [{ directory: 'docker/base/{x}', name: 'base-{x}' }],
      references: [
        { match: 'quay.io/jupyter/{x}', directory: 'images/{x}', tags: ['latest'] },
        {
          regex: String.raw`r\.io(?::\d+)?/(?<x>[\w-]+)`,
          tag: '{v}-jdk',
          directory: 'images/{x}/{v}',
          aliases: { latest: '21-jdk', 8: '11-jdk' },
        },
        { table: { 'quay.io/acme/base': 'docker/base', 'acme/tool:1.2': '.' } },
      ],
      args: { NAME: 'value' },
      argsFile: 'versions.env',
      tags: {
        mergeRequest: ['mr-{iid}'],
        branch: ['branch-{branch}.{sha}'],
        defaultBranch: [],
        release: ['v{version}', '{version}', '{component}-{major}.{minor}', 'stable'],
      },
      template: '.build',
      verify: { scan: '.our-scan', sbom: false },
      publish: '.our-publish',
      sign: 'keyless',
      reuse: 'all',
      dockerignore: 'union',
      runner: {
        tags: ['kubernetes', 'big one'],
        timeout: '1h 30m',
        retry: 2,
        requests: { cpu: '500m', memory: '2Gi' },
        limits: { memory: '4294967296' },
        allowFailure: false,
      },
      images: [
        {
          directory: 'pyspark',
          runner: { variables: { AFFECTED_FLAG_1: '--single-snapshot', HTTPS_PROXY: '$PROXY' } },
          args: { VERSION: '4.0.1' },
          argsFile: ['pyspark/versions.yml', '.env'],
          context: '.',
          target: 'runtime',
          template: '.other-build',
          inputs: ['shared/spark/**', { paths: ['conf/*.{yml,json}'], keys: ['spark'] }],
        },
        {
          directory: 'java',
          component: { arg: 'JAVA', as: 'jdk-{value}' },
          variants: {
            21: { args: { JAVA: '21' }, tags: ['21', 'latest'] },
            '8-slim': { target: 'slim' },
            other: {},
          },
        },
      ],
      inputs: [
        { paths: ['versions.env'], images: ['**'] },
        { paths: ['certificates/*.pem'], images: ['docker/**', '.'] },
        {
          paths: ['versions.toml'],
          keys: ['spark.**', '{x}.version'],
          images: ['docker/spark', 'docker/{x}'],
        },
      ],
      unowned: { policy: 'error', except: ['docs/**', '*.md', 'LICENSE'] },
      limits: { tier: 'premium', jobs: 1200, needs: 40, dotenvVariables: 30 },
    });
  });

  test('keeps the order of names and images, also of those that look like numbers', () => {
    const config = parseConfig(
      'names: {"{x}": "a-{x}", 10: b, 2: c}\nimages: {"*": {}, 10: {}, b: {}, 2: {}}',
      'f',
    );
    expect(config.names.map(({ directory }) => directory)).toEqual(['{x}', '10', '2']);
    expect(config.images.map(({ directory }) => directory)).toEqual(['*', '10', 'b', '2']);
  });

  test('may use anchors, aliases and merge keys', () => {
    const text = `
images:
  a: &a { target: run, context: . }
  b: *a
  c: { <<: *a, context: docker }
  d: { <<: [*a, { template: .d }] }
`;
    expect(parseConfig(text, 'affected.yml').images).toEqual([
      { directory: 'a', target: 'run', context: '.' },
      { directory: 'b', target: 'run', context: '.' },
      { directory: 'c', target: 'run', context: 'docker' },
      { directory: 'd', target: 'run', context: '.', template: '.d' },
    ]);
  });

  test('may hold bytes that are no UTF-8', () => {
    expect(parseConfig('inputs: [{paths: ["\udc80/**"]}]', 'affected.yml').inputs).toEqual([
      { paths: ['\udc80/**'], images: ['**'] },
    ]);
  });

  test('becomes what was written', () => {
    fc.assert(
      fc.property(goodConfigInput(), (input) => {
        const {
          discover = {},
          names = {},
          images = {},
          inputs = [],
          unowned = {},
          base = {},
          tags = {},
          limits = {},
          ...others
        } = input as Record<string, object>;
        expect(parseConfig(stringify(input), 'affected.yml')).toEqual({
          ...defaultConfig,
          ...others,
          discover: { ...defaultConfig.discover, ...discover },
          names: entriesOf(names).map(({ directory, value }) => ({ directory, name: value })),
          images: entriesOf(images).map(({ directory, value }) => ({ directory, ...(value as object) })),
          inputs: (inputs as object[]).map((shared) => ({ images: ['**'], ...shared })),
          unowned: { ...defaultConfig.unowned, ...unowned },
          base: { ...defaultConfig.base, ...base },
          tags: { ...defaultConfig.tags, ...tags },
          limits: { ...defaultConfig.limits, ...limits },
        });
      }),
    );
  });
});

describe('a bad file', () => {
  test.each([
    ['an unknown key', 'imagse: {}', ['1:1: unknown key `imagse`; did you mean `images`?']],
    [
      'an unknown key like none',
      'color: red',
      [`1:1: unknown key \`color\`; the keys known here are ${TOP_LEVEL_KEYS}`],
    ],
    [
      'unknown keys below odd ones',
      'images:\n  docker/base/*:\n    arg: {}\n    inputs: []\n    contxt: .',
      [
        '3:5: unknown key `images["docker/base/*"].arg`; did you mean `args`?',
        '5:5: unknown key `images["docker/base/*"].contxt`; did you mean `context`?',
      ],
    ],
    [
      'numbers and booleans as build args',
      'args:\n  VERSION: 2.10\n  HEX: 0x1F\n  YES: true\n  NAN: .nan',
      [
        '2:12: `args.VERSION` is the number 2.10; build args are strings: write "2.10"',
        '3:8: `args.HEX` is the number 0x1F; build args are strings: write "0x1F"',
        '4:8: `args.YES` is the boolean true; build args are strings: write "true"',
        '5:8: `args.NAN` is the number .nan; build args are strings: write ".nan"',
      ],
    ],
    [
      'the booleans of YAML 1.1',
      '%YAML 1.1\n---\nargs: {A: yes}',
      ['3:11: `args.A` is the boolean yes; build args are strings: write "yes"'],
    ],
    [
      'files of build args that are none',
      'argsFile: [a.env, ./b.env, 3]\nimages:\n  a: {argsFile: a.txt}\n  b: {argsFile: {}}\n  c: {argsFile: []}\n',
      [
        '1:19: `argsFile[1]` is the string "./b.env"; VALUES_FILE',
        '1:28: `argsFile[2]` is the number 3; a string is expected: write "3"',
        '3:17: `images.a.argsFile` is the string "a.txt"; VALUES_FILE',
        '4:17: `images.b.argsFile` is an empty mapping; write the path of a file, or a list of them',
        '5:17: `images.c.argsFile` is an empty list; write a list of files, at least one',
      ].map((line) => line.replace('VALUES_FILE', VALUES_FILE)),
    ],
    [
      'a proxy’s password, which is not printed',
      'runner: {proxy: {http: "http://me:secret@proxy:1"}}',
      [
        '1:24: `runner.proxy.http` is the string "http://…@proxy:1"; write the URL of a proxy, such as http://squid.example.com:3128, with a password in no other form than a variable, or "" for none',
      ],
    ],
    [
      'inputs by key that can’t be',
      `inputs:
  - {paths: [a.yml, b.txt, "*.{yml,txt}"], keys: [a]}
  - {paths: [a.yml], keys: ["{x}.a", "b"]}
  - {paths: [a.yml], keys: ["{x}.a", "{y}.b"], images: ["a/{x}", b]}
  - {paths: [a.yml], keys: ["{x}"], images: ["{x}/{x}"]}
  - {paths: [a.yml], keys: ["a..b", ".a", "a.", "{a", ""]}
  - {paths: [a.yml], keys: []}
images:
  "a/{x}":
    inputs: [{paths: [a.yml], keys: ["{x}"]}, {paths: [a.yml]}, {paths: [a.txt, 3], keys: [a]}, 4]
`,
      [
        `2:21: \`inputs[0].paths[1]\` is the string "b.txt"; ${KINDS}`,
        `2:28: \`inputs[0].paths[2]\` is the string "*.{yml,txt}"; ${KINDS}`,
        '3:29: `inputs[1].keys[0]` is the string "{x}.a"; {x} does not occur in any of the images',
        '4:38: `inputs[2].keys[1]` is the string "{y}.b"; {y} does not occur in any of the images',
        '4:66: `inputs[2].images[1]` is the string "b"; each of the keys has a placeholder that does not occur in it, so none would count; add a key, or the placeholder',
        '5:46: `inputs[3].images[0]` is the string "{x}/{x}"; {x} occurs twice in it; name each part differently',
        `6:29: \`inputs[4].keys[0]\` is the string "a..b"; ${KEY}`,
        `6:37: \`inputs[4].keys[1]\` is the string ".a"; ${KEY}`,
        `6:43: \`inputs[4].keys[2]\` is the string "a."; ${KEY}`,
        `6:49: \`inputs[4].keys[3]\` is the string "{a"; ${KEY}`,
        `6:55: \`inputs[4].keys[4]\` is the string ""; ${KEY}`,
        '7:28: `inputs[5].keys` is an empty list; write a list of keys, at least one',
        '10:38: `images["a/{x}"].inputs[0].keys[0]` is the string "{x}"; {x} has no meaning here; move the input to the inputs of all images, and let its images say what {x} stands for',
        '10:47: `images["a/{x}"].inputs[1].keys` is missing; write a list of keys, at least one',
        `10:74: \`images["a/{x}"].inputs[2].paths[0]\` is the string "a.txt"; ${KINDS}`,
        '10:81: `images["a/{x}"].inputs[2].paths[1]` is the number 3; a string is expected: write "3"',
        '10:97: `images["a/{x}"].inputs[3]` is the number 4; write a glob, or a mapping with paths and keys',
      ],
    ],
    [
      'build args that are no scalars',
      'images: {"docker/base/*": {args: {X: [1], Y: {}, Z: [], W: {a: b}}}}',
      [
        '1:38: `images["docker/base/*"].args.X` is a list; build args are strings',
        '1:46: `images["docker/base/*"].args.Y` is an empty mapping; build args are strings',
        '1:53: `images["docker/base/*"].args.Z` is an empty list; build args are strings',
        '1:60: `images["docker/base/*"].args.W` is a mapping; build args are strings',
      ],
    ],
    [
      'names of build args',
      'args: {A-B: x}',
      [
        '1:8: `args["A-B"]` is a key that cannot be used; build args are named with letters, digits and "_", not beginning with a digit',
      ],
    ],
    [
      'settings without value',
      'args:\ndiscover:\nimages:\n  a:\n  b: {args: {X: , Y: null}}',
      [
        '1:1: `args` has no value; write a mapping of build args to strings',
        '2:1: `discover` has no value; write a mapping with dockerfiles or exclude',
        '4:3: `images.a` has no value; write a mapping of settings',
        '5:14: `images.b.args.X` has no value; build args are strings',
        '5:22: `images.b.args.Y` has no value; build args are strings',
      ],
    ],
    [
      'a number where another string is expected',
      'images:\n  a:\n    target: 0\nreferences: [{match: a, directory: b, tags: [3.10]}]',
      [
        '3:13: `images.a.target` is the number 0; a string is expected: write "0"',
        '4:46: `references[0].tags[0]` is the number 3.10; a string is expected: write "3.10"',
      ],
    ],
    [
      'times that GitLab gives no job',
      'images:\n  a: {runner: {timeout: 0h 00m}}\n  b: {runner: {timeout: 30d 1s}}\n  c: {runner: {timeout: 5 weeks}}\n  d: {runner: {timeout: 4w 2 days}}',
      [
        '2:25: `images.a.runner.timeout` is the string "0h 00m"; write a time such as 1h 30m or 45 minutes, above 0 and of 30 days at most',
        '3:25: `images.b.runner.timeout` is the string "30d 1s"; write a time such as 1h 30m or 45 minutes, above 0 and of 30 days at most',
        '4:25: `images.c.runner.timeout` is the string "5 weeks"; write a time such as 1h 30m or 45 minutes, above 0 and of 30 days at most',
      ],
    ],
    [
      'policies of the base that there are not',
      'base:\n  schedules: green\n  tags: 1',
      [
        '2:14: `base.schedules` is the string "green"; write all or last-built',
        '3:9: `base.tags` is the number 1; write all or previous-tag',
      ],
    ],
    [
      'a policy for unowned files that there is not, and what are no globs',
      'unowned:\n  policy: fail\n  except: [/docs, "!x"]\n  paths: []',
      [
        '2:11: `unowned.policy` is the string "fail"; write ignore, all or error',
        `3:12: \`unowned.except[0]\` is the string "/docs"; ${GLOB} shared/spark/**`,
        `3:19: \`unowned.except[1]\` is the string "!x"; ${GLOB} shared/spark/**`,
        '4:3: unknown key `unowned.paths`; the keys known here are `policy`, `except`',
      ],
    ],
    [
      'limits that there are not',
      'limits:\n  tier: gold\n  jobs: 0\n  needs: 1.5\n  dotenvBytes: "9"\n  need: 5',
      [
        '2:9: `limits.tier` is the string "gold"; write self-managed, free, premium or ultimate',
        '3:9: `limits.jobs` is the number 0; write a whole number above 0',
        '4:10: `limits.needs` is the number 1.5; write a whole number above 0',
        '5:16: `limits.dotenvBytes` is the string "9"; write a whole number above 0',
        '6:3: unknown key `limits.need`; did you mean `needs`?',
      ],
    ],
    [
      'a policy without a mapping',
      'unowned: error',
      ['1:10: `unowned` is the string "error"; write a mapping with policy or except'],
    ],
    [
      'missing settings',
      'references:\n  - directory: b\n    tags: [a]\ninputs: [{}]',
      [
        '2:5: `references[0].match` is missing; write a repository without tag or digest, where {name} stands for a part of it, such as quay.io/jupyter/{x}; or write regex or table',
        '4:10: `inputs[0].paths` is missing; write a list of globs, at least one',
      ],
    ],
    ['the shape of the file', '- a', ['1:1: the file is a list; write a mapping of settings']],
    [
      'impossible values',
      `version: 2
targetBranch: -x
registry: https://x
dockerignore: dokcer
template: x
discover: {dockerfiles: []}
images: {"/a": {}, b: {context: ../x, inputs: ["!x"], target: a b}}
names: {"a/*": a, b: B}`,
      [
        '1:10: `version` is the number 2; the only version is the number 1',
        '2:15: `targetBranch` is the string "-x"; write the name of a branch, such as main',
        '3:11: `registry` is the string "https://x"; write an image prefix without scheme, tag, digest or trailing "/", such as $CI_REGISTRY_IMAGE or registry.example.com/group/project',
        '4:15: `dockerignore` is the string "dokcer"; write kaniko, docker or union',
        '5:11: `template` is the string "x"; write the name of a hidden job, which begins with ".", such as .kaniko-build',
        '6:25: `discover.dockerfiles` is an empty list; write a list of globs, at least one',
        `7:10: \`images["/a"]\` is a key that cannot be used; ${GLOB} docker/base/*`,
        '7:33: `images.b.context` is the string "../x"; write a directory relative to the repository root, without "..", "./" or a trailing "/", such as docker/base, or . for the root',
        `7:48: \`images.b.inputs[0]\` is the string "!x"; ${GLOB} shared/spark/**`,
        '7:63: `images.b.target` is the string "a b"; write the name or number of a build stage as a string',
        '8:9: `names["a/*"]` is a key that cannot be used; write a directory relative to the repository root, where {name} stands for a part of the path and "*", "?" and "$" cannot be used, such as docker/base/{x}',
        '8:22: `names.b` is the string "B"; write an image name of lower-case letters, digits, ".", "_", "-", "/" and {placeholders}, such as base-{x}',
      ],
    ],
    [
      'lists where mappings are expected',
      'names: ["{x}"]\nreferences: [["{x}"], null, {match: "{x}", directory: [a]}]\nimages: [a]',
      [
        '1:8: `names` is a list; write a mapping of directory patterns to image names',
        '2:14: `references[0]` is a list; write a mapping with match, regex or table',
        '2:23: `references[1]` has no value; write a mapping with match, regex or table',
        '2:55: `references[2].directory` is a list; write a directory relative to the repository root, where {name} stands for a part of the path and "*", "?" and "$" cannot be used, such as docker/base/{x}',
        '3:9: `images` is a list; write a mapping of directory globs to settings',
      ],
    ],
    [
      'placeholders, and other things beside them',
      'names: {"/a": a, "b/{x}": "{x}-{y}", "{x}/{x}": a, c: [d]}\nreferences: [{match: "a/{x}:1", directory: "{z}"}, {directory: "{x}"}]',
      [
        '1:9: `names["/a"]` is a key that cannot be used; write a directory relative to the repository root, where {name} stands for a part of the path and "*", "?" and "$" cannot be used, such as docker/base/{x}',
        '1:27: `names["b/{x}"]` is the string "{x}-{y}"; {y} does not occur in "b/{x}"',
        '1:49: `names["{x}/{x}"]` is the string "a"; {x} occurs twice in "{x}/{x}"; name each part differently',
        '1:55: `names.c` is a list; write an image name of lower-case letters, digits, ".", "_", "-", "/" and {placeholders}, such as base-{x}',
        '2:22: `references[0].match` is the string "a/{x}:1"; write a repository without tag or digest, where {name} stands for a part of it, such as quay.io/jupyter/{x}',
        '2:44: `references[0].directory` is the string "{z}"; {z} does not occur in "a/{x}:1"',
        '2:52: `references[1].match` is missing; write a repository without tag or digest, where {name} stands for a part of it, such as quay.io/jupyter/{x}; or write regex or table',
      ],
    ],
    [
      'forms of references that exclude each other',
      `references:
- {match: a, regex: b, directory: c}
- {regex: a, table: {}}
- {table: {}, directory: a, tags: [b]}
- {match: a, directory: b, tags: [c], tag: d}
- {regex: a}
- {}`,
      [
        '2:21: `references[0].regex` is the string "b"; keep this or `match`, a rule has one of them',
        '3:21: `references[1].table` is an empty mapping; keep this or `regex`, a rule has one of them',
        '4:26: `references[2].directory` is the string "a"; it does not go with `table`, which tells it itself; remove it',
        '4:35: `references[2].tags` is a list; it does not go with `table`, which tells it itself; remove it',
        '5:44: `references[3].tag` is the string "d"; keep this or `tags`, a rule has one of them',
        `6:3: \`references[4].directory\` is missing; ${DIRECTORY}`,
        '7:3: `references[5].match` is missing; write a repository without tag or digest, where {name} stands for a part of it, such as quay.io/jupyter/{x}; or write regex or table',
      ],
    ],
    [
      'patterns of references',
      `references:
- {regex: "(", directory: "{x}"}
- {regex: "a)|(?:b", directory: a}
- {regex: "", directory: a}
- {regex: 1, directory: a}
- {regex: "(?<x>.)(y)", directory: "{x}/{y}"}
- {regex: "(?<x>.)", tag: "{x}", directory: "{x}"}
- {match: "{x}", tag: "{v}", directory: "{x}/{w}"}
- {match: "{x}", tag: "{v}:", directory: "{v}"}
- {match: a, directory: b, aliases: {"a:b": c, d: "e/f"}}
- {table: {"a/{x}": b, "c@sha256:00": d, e: "../f"}}`,
      [
        `2:11: \`references[0].regex\` is the string "("; ${EXPRESSION}`,
        `3:11: \`references[1].regex\` is the string "a)|(?:b"; ${EXPRESSION}`,
        `4:11: \`references[2].regex\` is the string ""; ${EXPRESSION}`,
        '5:11: `references[3].regex` is the number 1; a string is expected: write "1"',
        '6:36: `references[4].directory` is the string "{x}/{y}"; {y} is no named group of "(?<x>.)(y)"; write (?<y>…) there',
        '7:45: `references[5].directory` is the string "{x}"; {x} occurs twice in "(?<x>.)" and "{x}"; name each part differently',
        '8:41: `references[6].directory` is the string "{x}/{w}"; {w} does not occur in "{x}" and "{v}"',
        '9:23: `references[7].tag` is the string "{v}:"; write a tag where {name} stands for a part of it, such as {v}-jdk',
        '10:38: `references[8].aliases["a:b"]` is a key that cannot be used; write a tag of letters, digits, ".", "_" and "-"',
        '10:51: `references[8].aliases.d` is the string "e/f"; write a tag of letters, digits, ".", "_" and "-"',
        `11:12: \`references[9].table["a/{x}"]\` is a key that cannot be used; ${TABLE_KEY}`,
        `11:24: \`references[9].table["c@sha256:00"]\` is a key that cannot be used; ${TABLE_KEY}`,
        '11:45: `references[9].table.e` is the string "../f"; write a directory relative to the repository root, without "..", "./" or a trailing "/", such as docker/base, or . for the root',
      ],
    ],
    [
      'tags',
      `tags:
  mergeRequest: [latest, "mr-{iid}{sha}", "mr-{iid}_a", "mr-{iid}-${'a'.repeat(18)}"]
  branch: []
  defaultBranch: ["mr-{sha}", "{tag}", .a, a/b]
  release: ["{sha}", "{major}.{minor}", "{minor}"]
  tag: []
images:
  a: { component: JAVA }
  b: { component: { as: "jdk-{value}" } }
  c: { component: { arg: 1A, as: "{value}" } }
  d: { component: { arg: A, as: "v{value}" } }`,
      [
        `2:18: \`tags.mergeRequest[0]\` is the string "latest"; ${CANDIDATE}`,
        `2:26: \`tags.mergeRequest[1]\` is the string "mr-{iid}{sha}"; ${CANDIDATE}`,
        `2:43: \`tags.mergeRequest[2]\` is the string "mr-{iid}_a"; ${CANDIDATE}`,
        `2:57: \`tags.mergeRequest[3]\` is the string "mr-{iid}-${'a'.repeat(18)}"; ${CANDIDATE}`,
        '3:11: `tags.branch` is an empty list; write a list of tags, at least one',
        `4:19: \`tags.defaultBranch[0]\` is the string "mr-{sha}"; ${publishedBy('{branch}, {sha}, {component}')}`,
        `4:31: \`tags.defaultBranch[1]\` is the string "{tag}"; ${publishedBy('{branch}, {sha}, {component}')}`,
        `4:40: \`tags.defaultBranch[2]\` is the string ".a"; ${publishedBy('{branch}, {sha}, {component}')}`,
        `4:44: \`tags.defaultBranch[3]\` is the string "a/b"; ${publishedBy('{branch}, {sha}, {component}')}`,
        `5:13: \`tags.release[0]\` is the string "{sha}"; ${publishedBy('{tag}, {version}, {major}, {minor}, {component}')}`,
        '5:22: `tags.release[1]` is the string "{major}.{minor}"; it moves to higher versions only, which are found by the tags "{version}" or "{tag}"; add one of them to the list',
        '5:41: `tags.release[2]` is the string "{minor}"; a {minor} says nothing without the {major} before it',
        '6:3: unknown key `tags.tag`; the keys known here are `mergeRequest`, `branch`, `defaultBranch`, `release`',
        '8:19: `images.a.component` is the string "JAVA"; write a mapping with arg, such as NESSIE_VERSION, and as',
        '9:19: `images.b.component.arg` is missing; build args are named with letters, digits and "_", not beginning with a digit',
        '10:26: `images.c.component.arg` is the string "1A"; build args are named with letters, digits and "_", not beginning with a digit',
        `10:34: \`images.c.component.as\` is the string "{value}"; ${COMPONENT}`,
        `11:33: \`images.d.component.as\` is the string "v{value}"; ${COMPONENT}`,
      ],
    ],
    [
      'variants',
      `images:
  a:
    variants:
      x: { tags: ["1", latest, "1"] }
      y: { tags: [latest, "2"] }
      "1": {}
      ${'v'.repeat(40)}: {}
      ${'w'.repeat(41)}: {}
      mr-1: {}
      a_b: { tags: [branch-x, 3.10] }
      c: { tags: [] }
      d: { args: {A: 1}, target: "a b", context: . }
      e:
  b: { variants: [a] }
  c: { variants: {} }`,
      [
        // In the program's order, in which what looks like a number comes first.
        '4:19: `images.a.variants.x.tags[0]` is the string "1"; its tag "1" is also one of the variant "1"; keep one of them',
        '4:32: `images.a.variants.x.tags[2]` is the string "1"; its tag "1" is also one of the variant "1"; keep one of them',
        '5:19: `images.a.variants.y.tags[0]` is the string "latest"; its tag "latest" is also one of the variant "x"; keep one of them',
        `8:7: \`images.a.variants.${'w'.repeat(41)}\` is a key that cannot be used; write a variant name of letters, digits, ".", "_" and "-", at most 40, that does not begin with mr-, branch-, candidate-, h-, commit- or sha256-`,
        '9:7: `images.a.variants["mr-1"]` is a key that cannot be used; write a variant name of letters, digits, ".", "_" and "-", at most 40, that does not begin with mr-, branch-, candidate-, h-, commit- or sha256-',
        '10:21: `images.a.variants.a_b.tags[0]` is the string "branch-x"; write a tag of letters, digits, ".", "_" and "-" that does not begin with mr-, branch-, candidate-, h-, commit- or sha256-',
        '10:31: `images.a.variants.a_b.tags[1]` is the number 3.10; a string is expected: write "3.10"',
        '11:18: `images.a.variants.c.tags` is an empty list; write a list of tags, at least one',
        '12:22: `images.a.variants.d.args.A` is the number 1; build args are strings: write "1"',
        '12:34: `images.a.variants.d.target` is the string "a b"; write the name or number of a build stage as a string',
        '12:41: unknown key `images.a.variants.d.context`; the keys known here are `args`, `target`, `tags`',
        '13:7: `images.a.variants.e` has no value; write a mapping with args, target or tags',
        '14:18: `images.b.variants` is a list; write a mapping of variant names to settings',
      ],
    ],
    [
      'a tag that is a number here and a string there',
      `images:
  a:
    variants:
      x: { tags: [7] }
      y: { tags: ["7"] }`,
      [
        '4:19: `images.a.variants.x.tags[0]` is the number 7; a string is expected: write "7"',
        '5:19: `images.a.variants.y.tags[0]` is the string "7"; its tag "7" is also one of the variant "x"; keep one of them',
      ],
    ],
    [
      'the variable of a reference as a placeholder',
      'references: [{match: "${HOST}/x", directory: "{HOST}"}]',
      ['1:46: `references[0].directory` is the string "{HOST}"; {HOST} does not occur in "${HOST}/x"'],
    ],
    [
      'keys that are set twice',
      'args: {A: x, A: y}\nimages:\n  a: {}\n  "a": {}\nargs: {B: 1}\ninputs: [{paths: [a], paths: [b]}]',
      [
        '1:14: `args.A` is set twice, first on line 1; keep one',
        '4:3: `images.a` is set twice, first on line 3; keep one',
        '5:1: `args` is set twice, first on line 1; keep one',
        '5:11: `args.B` is the number 1; build args are strings: write "1"',
        '6:23: `inputs[0].paths` is set twice, first on line 6; keep one',
      ],
    ],
    [
      'a key that is set twice and nothing else',
      'args: {A: x, A: x}',
      ['1:14: `args.A` is set twice, first on line 1; keep one'],
    ],
    [
      'a tag and nothing else',
      'template: !x .a',
      ['1:11: this tag is unknown; put a text that begins with "!" into quotes'],
    ],
    [
      'items without value',
      'inputs:\n  -\n  - {paths: [a]}\n  - # none',
      [
        '2:4: `inputs[0]` has no value; write a mapping with paths',
        '4:5: `inputs[2]` has no value; write a mapping with paths',
      ],
    ],
    [
      'keys that JavaScript would lose',
      '__proto__: {}\nargs:\n  __proto__: x',
      ['1:1: the key `__proto__` cannot be used', '3:3: the key `args.__proto__` cannot be used'],
    ],
    [
      'what an alias stands for, where it is written',
      'images:\n  a: &a {target: &t 0}\n  b: {context: *a, template: *t}\n  c: {<<: *a}\n  d: {<<: [{args: {}}, *a]}',
      [
        '2:21: `images.a.target` is the number 0; a string is expected: write "0"',
        '2:21: `images.c.target` is the number 0; a string is expected: write "0"',
        '2:21: `images.d.target` is the number 0; a string is expected: write "0"',
        '3:16: `images.b.context` is a mapping; write a directory relative to the repository root, without "..", "./" or a trailing "/", such as docker/base, or . for the root',
        '3:30: `images.b.template` is the number 0; a string is expected: write "0"',
      ],
    ],
    [
      'aliases without anchor',
      'args: {A: *x}\ninputs: [*y, &y {}]',
      [
        '1:11: the alias *x has no anchor &x above it; put a text that begins with "*" into quotes',
        '2:10: the alias *y has no anchor &y above it; put a text that begins with "*" into quotes',
      ],
    ],
    [
      'merge keys of no mapping',
      'args: {<<: x}\nimages:\n  a: &a [b]\n  c: {<<: *a}',
      [
        '1:12: the merge key `<<` takes the alias of a mapping, or a list of them',
        '4:11: the merge key `<<` takes the alias of a mapping, or a list of them',
      ],
    ],
    [
      'a merge key in quotes, which merges nothing',
      'images: {a: {"<<": x}}',
      [
        '1:14: unknown key `images.a["<<"]`; the keys known here are `args`, `argsFile`, `context`, `target`, `template`, `runner`, `verify`, `inputs`, `component`, `variants`',
      ],
    ],
    [
      'a mapping that merges itself',
      'args: &a\n  <<: *a',
      ['1:1: the aliases of the file expand to too much; write out some of what they stand for'],
    ],
    [
      'a billion laughs',
      [
        'a: &a [x,x,x,x,x,x,x,x,x]',
        ...[...'bcdefgh'].map(
          (name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[index]}`).join()}]`,
        ),
      ].join('\n'),
      ['1:1: the aliases of the file expand to too much; write out some of what they stand for'],
    ],
    [
      'tags',
      'args:\n  A: !env HOME\n  B: !!binary aGk=\n  C: !!set {a}\n  D: !!str 2.10\n  E: !!int 5',
      [
        '2:6: this tag is unknown; put a text that begins with "!" into quotes',
        '3:15: `args.B` is tagged !!binary; build args are strings',
        '4:12: `args.C` is tagged !!set; build args are strings',
        '6:12: `args.E` is the number 5; build args are strings: write "5"',
      ],
    ],
    [
      'a long string',
      `version: ${'a'.repeat(99)}`,
      [
        `1:10: \`version\` is the string "${'a'.repeat(60)}"… of 99 characters; the only version is the number 1`,
      ],
    ],
    [
      'a byte order mark counts for no column',
      '\uFEFFimagse: {}',
      ['1:1: unknown key `imagse`; did you mean `images`?'],
    ],
    [
      'a carriage return counts for no column',
      'args: {}\r\nimagse: {}\r\n',
      ['2:1: unknown key `imagse`; did you mean `images`?'],
    ],
    [
      'syntax, and nothing that follows from it',
      'args: {A: 1\nimagse: x\n\tb: "',
      [
        '2:1: this is no valid YAML: Flow map in block collection must be sufficiently indented and end with a }',
        '3:1: this is no valid YAML: Tabs are not allowed as indentation',
        '3:6: this is no valid YAML: Missing closing "quote',
      ],
    ],
    [
      'braces that are not quoted',
      'names:\n  {x}: b\nargs: {{x}: y, A: 1}',
      [
        '2:3: a key must be a string; put one that begins with "{", "[" or "*" into quotes',
        '3:8: a key must be a string; put one that begins with "{", "[" or "*" into quotes',
      ],
    ],
    [
      'a parser that lost its way',
      'names: {"{x}": a-{x}, b: c}\nargs: {}',
      ['1:18: this is no valid YAML: Unexpected flow-map-start at node end'],
    ],
    [
      'a brace without a value',
      'names: {x}',
      [
        '1:9: `names.x` has no value; write an image name of lower-case letters, digits, ".", "_", "-", "/" and {placeholders}, such as base-{x}',
      ],
    ],
    [
      'pairs that are no mappings',
      'references: !!pairs [match: a]\ninputs: [{paths: !!pairs [a: b]}]',
      [
        '1:21: `references[0].directory` is missing; write a directory relative to the repository root, where {name} stands for a part of the path and "*", "?" and "$" cannot be used, such as docker/base/{x}',
        `2:26: \`inputs[0].paths[0]\` is missing; ${GLOB} shared/spark/**`,
      ],
    ],
    [
      'globs that are not quoted',
      'discover: {exclude: [**/x, !(y)]}',
      [
        '1:22: the alias **/x has no anchor &*/x above it; put a text that begins with "*" into quotes',
        '1:28: this tag is unknown; put a text that begins with "!" into quotes',
      ],
    ],
    ['a tab', 'args:\n\tA: x', ['2:1: this is no valid YAML: Tabs are not allowed as indentation']],
    [
      'two documents',
      'version: 1\n---\nversion: 1',
      ['2:1: the file holds several YAML documents; keep one'],
    ],
    [
      'a key that is a list',
      '? [a]\n: b',
      ['1:3: a key must be a string; put one that begins with "{", "[" or "*" into quotes'],
    ],
  ])('%s', (_what, text, expected) => {
    expect(messagesOf(text)).toEqual(expected.map((line) => `affected.yml:${line}`));
  });

  test('nested too deeply is told once', () => {
    expect(messagesOf(`args: ${'['.repeat(20_000)}`)).toEqual([
      expect.stringMatching(/^affected\.yml:1:\d+: the file is nested too deeply; remove levels of nesting$/),
    ]);
  });

  test('is located where the parser lost its way over several lines', () => {
    expect(messagesOf('[: x[---\nargs').at(-1)).toMatch(/^affected\.yml:2:5: /);
  });

  test('is an AffectedError with findings for machines', () => {
    const error = failureOf('imagse: {}\nimages: {a/b: {tag: x}}', 'deploy/affected.yml');
    expect(error).toBeInstanceOf(AffectedError);
    expect(error).toMatchObject({ name: 'ConfigError', code: 'config' });
    expect(error?.findings).toEqual([
      { line: 1, column: 1, key: 'imagse', message: 'unknown key `imagse`; did you mean `images`?' },
      {
        line: 2,
        column: 16,
        key: 'images["a/b"].tag',
        message: expect.stringContaining('unknown key') as string,
      },
    ]);
    expect(error?.message).toMatch(/^deploy\/affected\.yml:1:1: .*\ndeploy\/affected\.yml:2:16: /);
  });
});

describe('any text is a configuration or a ConfigError that points into it', () => {
  const token = fc.oneof(
    fc.constantFrom(
      'args',
      'images',
      'names',
      'inputs',
      'a',
      '__proto__',
      '2.10',
      'yes',
      '~',
      '<<',
      '&a ',
      '*a',
      '*b',
    ),
    fc.constantFrom(
      ': ',
      '\n',
      '\n  ',
      '\n    ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '? ',
      '#',
      '|',
      '>',
      '"',
      "'",
      '\\',
    ),
    fc.constantFrom(
      '!!set ',
      '!!omap ',
      '!!pairs ',
      '!x ',
      '%YAML 1.1\n',
      '---\n',
      '...\n',
      '\t',
      '\r\n',
      '\0',
      '\uFEFF',
      '\udc80',
    ),
  );

  test.each([
    ['YAML', fc.oneof(configInput(), fc.jsonValue()).map((value) => stringify(value))],
    ['almost YAML', fc.array(token, { maxLength: 30 }).map((tokens) => tokens.join(''))],
    ['text', fc.string({ unit: 'binary' })],
  ])('%s', (_what, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const lines = text.split('\n');
        for (const { line, column, message } of failureOf(text)?.findings ?? []) {
          expect(column).toBeGreaterThan(0);
          expect(column).toBeLessThanOrEqual((lines[line - 1] as string).length + 1);
          expect(message).not.toMatch(/\n|undefined|Invalid input|\[object/);
        }
      }),
      { numRuns: runs(300) },
    );
  });
});

function entriesOf(mapping: object): { directory: string; value: unknown }[] {
  return Object.entries(mapping).map(([directory, value]) => ({ directory, value: value as unknown }));
}

function messagesOf(text: string): string[] {
  return failureOf(text)?.message.split('\n') ?? [];
}

function failureOf(text: string, file = 'affected.yml'): ConfigError | undefined {
  try {
    parseConfig(text, file);
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}
