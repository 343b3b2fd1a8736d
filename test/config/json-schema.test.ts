import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import * as z from 'zod/mini';
import { ConfigError } from '../../src/config/config-error.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { Config } from '../../src/config/schema.ts';
import { configInput } from './config-input.ts';

// Draft 7 is what editors' YAML language servers support best.
const schema = {
  title: 'affected.yml',
  ...z.toJSONSchema(Config, { io: 'input', target: 'draft-7' }),
};
const validate = new Ajv({ strict: true, allErrors: true }).compile(schema);

/** Regenerate it with `vitest run test/config/json-schema.test.ts --update`. */
test('affected.schema.json is the schema of the parser', async () => {
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../affected.schema.json');
});

test('every setting has a description', () => {
  const undescribed: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      // `true` stands for a key that is described elsewhere.
      if (path.endsWith('.properties') && typeof child === 'object' && !('description' in (child as object)))
        undescribed.push(`${path}.${key}`);
      walk(child, `${path}.${key}`);
    }
  };
  walk(schema, '');
  expect(undescribed).toEqual([]);
});

describe('the schema and the parser agree on', () => {
  test.each([
    ['an empty mapping', '{}', true],
    ['the only version', 'version: 1', true],
    ['a version to come', 'version: 2', false],
    ['a version in quotes', 'version: "1"', false],
    ['a branch', 'targetBranch: release/1.x', true],
    ['an option as a branch', 'targetBranch: --all', false],
    ['an empty branch', 'targetBranch: ""', false],
    ['a range as a branch', 'targetBranch: a..b', false],
    ['a branch with a control character', 'targetBranch: "a\\0b"', false],
    ['a registry with a port', 'registry: registry.example.com:5000/group/project', true],
    ['a registry that is only a host and port', 'registry: localhost:5000', true],
    ['a registry with variables', 'registry: ${CI_REGISTRY}:$PORT/$CI_PROJECT_PATH/images', true],
    ['a registry with a tag', 'registry: quay.io/group/project:latest', false],
    ['a registry with a digest', 'registry: quay.io/group/project@sha256', false],
    ['a registry with a scheme', 'registry: https://quay.io/group', false],
    ['a registry with a trailing slash', 'registry: quay.io/group/', false],
    ['a registry with white space', 'registry: quay.io/my group', false],
    ['a registry with a command', 'registry: $(id)', false],
    [
      'globs',
      'discover: {dockerfiles: ["docker/**/Dockerfile", "{a,b}/Dockerfile"], exclude: ["!(x)/**"]}',
      true,
    ],
    ['no glob at all', 'discover: {dockerfiles: []}', false],
    ['an empty glob', 'discover: {exclude: [""]}', false],
    ['an absolute glob', 'discover: {exclude: [/x]}', false],
    ['a glob that climbs', 'discover: {exclude: [x/../y]}', false],
    ['a negated glob', 'discover: {exclude: ["!x"]}', false],
    ['a glob for a directory that can match no file', 'inputs: [{paths: [shared/]}]', false],
    ['a glob where a list of them is expected', 'discover: {exclude: "x"}', false],
    ['dotted segments that are names', 'discover: {exclude: [.../x, ..a, .b]}', true],
    ['names', 'names: {"docker/{kind}/{x}": "{kind}-{x}", .: root}', true],
    ['an image name in upper case', 'names: {a: A}', false],
    ['an image name with a tag', 'names: {a: "a:1"}', false],
    ['a star in a directory pattern', 'names: {"docker/*": a}', false],
    ['a brace in a directory pattern', 'names: {"docker/{a,b}": a}', false],
    ['an absolute directory pattern', 'names: {/a: a}', false],
    [
      'references',
      'references: [{match: "quay.io:443/jupyter/{x}", directory: "images/{x}", tags: ["3.10"]}]',
      true,
    ],
    ['a reference with variables', 'references: [{match: "${HOST}/$GROUP/{x}", directory: "{x}"}]', true],
    ['a reference with a tag', 'references: [{match: "quay.io/a:1", directory: a}]', false],
    ['a reference with a digest', 'references: [{match: "quay.io/a@sha256", directory: a}]', false],
    ['a regular expression', 'references: [{regex: "(?<x>a)", directory: "{x}"}]', true],
    ['a regular expression without directory', 'references: [{regex: a}]', false],
    ['a table', 'references: [{table: {"a:1": b}, aliases: {latest: "1"}}]', true],
    ['a table with a directory', 'references: [{table: {a: b}, directory: c}]', false],
    ['a table with placeholders', 'references: [{table: {"{x}": b}}]', false],
    ['a rule that is two', 'references: [{match: a, regex: a, directory: b}]', false],
    ['a rule that is none', 'references: [{directory: b}]', false],
    ['a pattern of tags', 'references: [{match: a, tag: "{v}-x", directory: "{v}"}]', true],
    [
      'a pattern of tags and a list of them',
      'references: [{match: a, tag: b, tags: [c], directory: d}]',
      false,
    ],
    ['a reference without directory', 'references: [{match: a}]', false],
    ['a reference that takes no tag at all', 'references: [{match: a, directory: a, tags: []}]', false],
    ['a tag that is none', 'references: [{match: a, directory: a, tags: [-x]}]', false],
    ['args', 'args: {_A1: "2.10", B: ""}', true],
    ['an arg that is a number', 'args: {A: 2.10}', false],
    ['an arg that begins with a digit', 'args: {1A: x}', false],
    ['a file of build args', 'argsFile: conf/versions.env', true],
    [
      'several files of build args',
      'images: {a: {argsFile: [.env, a.json, a.toml, a.yml, a.yaml, a.properties]}}',
      true,
    ],
    ['a file of build args of another kind', 'argsFile: versions.txt', false],
    ['a file of build args without a name', 'argsFile: a/env', false],
    ['a file of build args that climbs', 'argsFile: ../a.env', false],
    ['no file of build args', 'argsFile: []', false],
    ['a template', 'template: .kaniko build', true],
    ['a runner', 'runner: {tags: [a b], timeout: 1h 30m, requests: {cpu: 0.5m, memory: 4Gi}}', true],
    ['a runner without tags', 'runner: {tags: []}', false],
    ['no time', 'runner: {timeout: 0 hours}', false],
    ['a time that is none', 'runner: {timeout: soon}', false],
    ['a time with white space around it', 'runner: {timeout: " 1h"}', false],
    ['more retries than GitLab has', 'runner: {retry: 3}', false],
    ['a quantity in words', 'images: {a: {runner: {limits: {memory: 4 GiB}}}}', false],
    ['a quantity that is a number', 'runner: {requests: {cpu: 2}}', false],
    ['a flag of the builder', 'runner: {variables: {AFFECTED_FLAG_12: --x, AFFECTED_CACHE_TTL: 1h}}', true],
    ['a variable that generated jobs bring', 'runner: {variables: {AFFECTED_CONTEXT: x}}', false],
    ['a variable that GitLab brings', 'runner: {variables: {CI_COMMIT_REF_PROTECTED: "true"}}', false],
    ['a flag without its number', 'runner: {variables: {AFFECTED_FLAG_0: x}}', false],
    ['a variable of no name', 'runner: {variables: {a-b: x}}', false],
    ['a variable that is a number', 'runner: {variables: {A: 1}}', false],
    [
      'a proxy',
      'runner: {proxy: {http: "http://a:1", https: "https://u:$P@b/", no: [.c, 10.0.0.0/8]}}',
      true,
    ],
    ['proxies that are variables, or none', 'runner: {proxy: {http: $HTTP, https: "", no: []}}', true],
    ['a proxy with a password', 'runner: {proxy: {http: "http://me:secret@a:1"}}', false],
    ['a proxy without a scheme', 'runner: {proxy: {http: "a:3128"}}', false],
    ['hosts without a proxy in one', 'runner: {proxy: {no: ["a,b"]}}', false],
    ['certificates by a variable', 'runner: {certificates: $CI_SERVER_TLS_CA_FILE}', true],
    ['certificates in the repository', 'images: {a: {runner: {certificates: etc/ca.pem}}}', true],
    ['certificates from elsewhere', 'runner: {certificates: /etc/ca.pem}', false],
    ['certificates below a variable', 'runner: {certificates: $CI_PROJECT_DIR/ca.pem}', false],
    ['mirrors', 'runner: {mirrors: {docker.io: [a/b, "$M:5000/c"], "q.io:443": []}}', true],
    ['a mirror of Docker Hub by another name', 'runner: {mirrors: {index.docker.io: [a]}}', false],
    ['a mirror of a path', 'runner: {mirrors: {quay.io/a: [b]}}', false],
    ['a mirror with a scheme', 'runner: {mirrors: {docker.io: ["https://a"]}}', false],
    ['a mirror that is no list', 'runner: {mirrors: {docker.io: a}}', false],
    ['a template that is no hidden job', 'template: kaniko', false],
    ['a template of a dot', 'template: .', false],
    ['dockerignore', 'dockerignore: union', true],
    ['a dockerignore that is unknown', 'dockerignore: podman', false],
    [
      'images',
      'images: {"docker/*": {args: {A: b}, context: ., target: "0", template: .x, inputs: [a]}, .: {}}',
      true,
    ],
    ['an image without settings', 'images: {a: }', false],
    ['a context that climbs', 'images: {a: {context: ..}}', false],
    ['an absolute context', 'images: {a: {context: /x}}', false],
    ['a context with a second spelling', 'images: {a: {context: ./x}}', false],
    ['an empty context', 'images: {a: {context: ""}}', false],
    ['a build stage with a space', 'images: {a: {target: "a b"}}', false],
    ['shared inputs', 'inputs: [{paths: [versions.env], images: ["docker/**", .]}]', true],
    ['shared inputs without paths', 'inputs: [{images: [a]}]', false],
    [
      'inputs by key',
      'inputs: [{paths: ["*.{yml,json}"], keys: ["{x}.a.**", b], images: ["docker/{x}"]}]',
      true,
    ],
    ['inputs of no key', 'inputs: [{paths: [a.yml], keys: []}]', false],
    ['a key without a name', 'inputs: [{paths: [a.yml], keys: [a..b]}]', false],
    ['inputs of an image by key', 'images: {a: {inputs: [b, {paths: [a.yml], keys: ["*.b"]}]}}', true],
    ['inputs of an image without keys', 'images: {a: {inputs: [{paths: [a.yml]}]}}', false],
    [
      'inputs of an image by key for images',
      'images: {a: {inputs: [{paths: [a.yml], keys: [b], images: [c]}]}}',
      false,
    ],
    ['shared inputs of no image', 'inputs: [{paths: [a], images: []}]', false],
    ['unowned files', 'unowned: {policy: all, except: ["*.md"]}', true],
    ['an unknown policy for unowned files', 'unowned: {policy: fail}', false],
    ['an absolute glob for unowned files', 'unowned: {except: [/docs]}', false],
    ['limits', 'limits: {tier: free, jobs: 400, yamlBytes: 1048576}', true],
    ['a tier that there is not', 'limits: {tier: gold}', false],
    ['no limit', 'limits: {needs: 0}', false],
    ['half a job', 'limits: {jobs: 1.5}', false],
    ['variants', 'images: {a: {variants: {"21": {args: {A: x}, tags: ["21"], target: run}, b: {}}}}', true],
    [
      'tags',
      'tags: {mergeRequest: ["mr-{iid}"], branch: ["branch-{branch}.{sha}"], defaultBranch: [], release: ["{tag}"]}',
      true,
    ],
    ['a tag of branches that a published one may have', 'tags: {branch: ["{branch}"]}', false],
    ['no tag for merge requests', 'tags: {mergeRequest: []}', false],
    ['a published tag like a candidate', 'tags: {defaultBranch: ["branch-{branch}"]}', false],
    ['a placeholder of another kind of pipeline', 'tags: {defaultBranch: ["{version}"]}', false],
    ['a component', 'images: {a: {component: {arg: A, as: "a-{value}"}}}', true],
    ['a component without a build arg', 'images: {a: {component: {as: "a-{value}"}}}', false],
    ['a component’s tag without a name', 'images: {a: {component: {arg: A, as: "{value}"}}}', false],
    ['no variants', 'images: {a: {variants: {}}}', true],
    ['a variant without settings', 'images: {a: {variants: {b: }}}', false],
    ['a variant with a long name', `images: {a: {variants: {${'b'.repeat(41)}: {}}}}`, false],
    ['a variant that is named like a candidate', 'images: {a: {variants: {branch-b: {}}}}', false],
    ['a variant without tags', 'images: {a: {variants: {b: {tags: []}}}}', false],
    ['a variant with a tag like a candidate', 'images: {a: {variants: {b: {tags: [mr-1]}}}}', false],
    ['an unknown key of a variant', 'images: {a: {variants: {b: {context: .}}}}', false],
    ['an unknown key', 'imagse: {}', false],
    ['an unknown key of an image', 'images: {a: {tag: x}}', false],
    ['a list instead of a mapping', '[]', false],
  ])('%s', (_what, text, isGood) => {
    expect({ parser: parserAccepts(text), schema: validate(parse(text)) }).toEqual({
      parser: isGood,
      schema: isGood,
    });
  });

  test('whatever the parser accepts', () => {
    fc.assert(
      fc.property(configInput(), (input) => {
        fc.pre(parserAccepts(stringify(input)));
        expect({ accepted: validate(input), errors: validate.errors }).toEqual({
          accepted: true,
          errors: null,
        });
      }),
    );
  });
});

test.each([
  ['names: {"a/{x}": "{y}"}'],
  ['names: {"{x}/{x}": a}'],
  ['references: [{match: "a/{x}", directory: "{y}"}]'],
  ['references: [{regex: "(?<x>a)", directory: "{y}"}]'],
  ['references: [{regex: "(", directory: a}]'],
  ['images: {a: {variants: {b: {tags: [x]}, c: {tags: [x]}}}}'],
  ['inputs: [{paths: [a.yml], keys: ["{x}"]}]'],
  ['inputs: [{paths: [a.txt], keys: [a]}]'],
])('what a placeholder stands for is beyond JSON schema: %s', (text) => {
  expect({ parser: parserAccepts(text), schema: validate(parse(text)) }).toEqual({
    parser: false,
    schema: true,
  });
});

function parserAccepts(text: string): boolean {
  try {
    parseConfig(text, 'affected.yml');
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}
