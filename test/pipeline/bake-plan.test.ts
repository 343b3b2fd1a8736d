import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imageGraph } from '../../src/images/graph.ts';
import type { BakePlan } from '../../src/pipeline/bake-plan.ts';
import { bakePlan } from '../support/bake.ts';
import { filesOf, historyOf, settingsOf } from '../support/generated-repository.ts';
import { runs } from '../support/runs.ts';
import { side } from '../support/snapshot.ts';

const REGISTRY = 'registry.example.com/group/project';
const DIGEST = `sha256:${'0a'.repeat(32)}`;

function contextsOf(plan: BakePlan, name: string): Record<string, string> {
  return Object.fromEntries(plan.targets.find((target) => target.name === name)?.contexts ?? []);
}

describe('what a Dockerfile names', () => {
  const base = { 'base/Dockerfile': 'FROM alpine:3.23.5\n' };

  test.each([
    ['FROM base\n', 'base'],
    ['FROM base:latest\n', 'base'],
    ['FROM base:1.2\n', 'base:1.2'],
    [`FROM base:1.2@${DIGEST}\n`, `base:1.2@${DIGEST}`],
    ['ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base:1\n', `${REGISTRY}/base:1`],
    ['ARG NAME=base\nARG TAG=2\nFROM ${NAME}:${TAG:-3}\n', 'base:2'],
    ['FROM scratch\nCOPY --from=base / /\n', 'base'],
    ['FROM scratch\nRUN --mount=type=bind,from=base:1,target=/b true\n', 'base:1'],
    ['FROM scratch AS a\nFROM base AS b\nFROM a\nCOPY --from=b / /\n', 'base'],
    ['FROM --platform=$TARGETPLATFORM base\n', 'base'],
    ['FROM --platform=$BUILDPLATFORM base\n', 'base'],
  ])('%j is the target by the name %s', (dockerfile, name) => {
    const plan = bakePlan({ ...base, 'app/Dockerfile': dockerfile });
    expect(contextsOf(plan, 'app')).toEqual({ [name]: 'target:base' });
  });

  test('a build stage of that name, an image of somebody else and the image itself stay what they are', () => {
    const app = 'FROM alpine:3.23.5 AS base\nFROM app:1\nCOPY --from=base / /\n';
    expect(contextsOf(bakePlan({ ...base, 'app/Dockerfile': app }), 'app')).toEqual({});
  });

  test('a variant is a target of its own, found by its tags', () => {
    const plan = bakePlan(
      {
        ...base,
        'app/Dockerfile': 'ARG TAG=1\nFROM base:${TAG}\n',
        'other/Dockerfile': 'FROM app:slim\nCOPY --from=base / /\n',
      },
      {
        images: {
          base: { variants: { '1': { args: { A: '1' } }, '2': { tags: ['2', 'latest'], target: '0' } } },
          app: { variants: { full: {}, slim: { args: { TAG: '2' } } } },
        },
      },
    );
    expect(plan.targets.map(({ name }) => name)).toEqual([
      'base_1',
      'base_2',
      'app_full',
      'app_slim',
      'other',
    ]);
    expect(contextsOf(plan, 'app_full')).toEqual({ 'base:1': 'target:base_1' });
    expect(contextsOf(plan, 'app_slim')).toEqual({ 'base:2': 'target:base_2' });
    expect(contextsOf(plan, 'other')).toEqual({ 'app:slim': 'target:app_slim', base: 'target:base_2' });
    expect(plan.groups).toEqual(
      new Map([
        ['default', ['base_1', 'base_2', 'app_full', 'app_slim', 'other']],
        ['app', ['app_full', 'app_slim']],
        ['base', ['base_1', 'base_2']],
      ]),
    );
    expect(plan.targets[1]).toMatchObject({
      target: '0',
      tags: [`${REGISTRY}/base:mr-7_2`, `${REGISTRY}/base:mr-7-1a2b3c4d_2`],
    });
  });

  test('what an inherited ONBUILD takes from is found too', () => {
    const plan = bakePlan({
      ...base,
      'kit/Dockerfile': 'FROM scratch\nONBUILD COPY --from=base / /\n',
      'app/Dockerfile': 'FROM kit\n',
    });
    expect(contextsOf(plan, 'app')).toEqual({ base: 'target:base', kit: 'target:kit' });
    expect(contextsOf(plan, 'kit')).toEqual({});
  });

  test('an image that is not built is the published one by its digest, or what the Dockerfile says', () => {
    const files = {
      'base/Dockerfile': 'FROM scratch\n',
      'tools/Dockerfile': 'FROM scratch\n',
      'app/Dockerfile':
        'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base:1\nCOPY --from=tools:3 / /\nFROM ${CI_REGISTRY_IMAGE}/tools\nCOPY --from=0 / /\n',
    };
    const published = new Map([['base', DIGEST]]);
    const plan = bakePlan(files, {}, { affected: ['app'], published });
    expect(plan.targets.map(({ name }) => name)).toEqual(['app']);
    expect(contextsOf(plan, 'app')).toEqual({
      [`${REGISTRY}/base:1`]: `docker-image://${REGISTRY}/base@${DIGEST}`,
      'tools:3': `docker-image://${REGISTRY}/tools:3`,
    });
  });

  test('where nothing tells the registry, images are built from what is here', () => {
    const files = {
      'base/Dockerfile': 'FROM scratch\n',
      'java/Dockerfile': 'FROM base\n',
      'app/Dockerfile': 'ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/java\n',
      'other/Dockerfile': 'FROM scratch\n',
    };
    const plan = bakePlan(files, {}, { affected: ['app'], variables: { CI_MERGE_REQUEST_IID: '7' } });
    expect(plan.instead).toBe('localhost');
    expect(plan.groups).toEqual(new Map([['default', ['app']]]));
    expect(plan.targets.map(({ name }) => name)).toEqual(['base', 'java', 'app']);
    expect(plan.targets[2]).toMatchObject({
      contexts: new Map([['localhost/java', 'target:java']]),
      args: new Map([['CI_REGISTRY_IMAGE', 'localhost']]),
    });
    expect(plan.targets[2]?.tags[0]).toBe('localhost/app:mr-7');
  });

  test('may depend on what is built for', () => {
    const files = {
      'base/amd64/Dockerfile': 'FROM scratch\n',
      'base/arm64/Dockerfile': 'FROM scratch\n',
      'base/s390x/Dockerfile': 'FROM scratch\n',
      'app/Dockerfile': 'FROM base/$TARGETARCH\n',
    };
    const amd64 = { 'base/amd64': 'target:base-amd64' };
    const arm64 = { 'base/arm64': 'target:base-arm64' };
    expect(contextsOf(bakePlan(files), 'app')).toEqual({ ...amd64, ...arm64 });
    const s390x = bakePlan(files, {}, { platforms: ['linux/s390x'] });
    expect(contextsOf(s390x, 'app')).toEqual({ 'base/s390x': 'target:base-s390x' });
    expect(s390x.targets.map(({ platforms }) => platforms.join())).toEqual(Array(4).fill('linux/s390x'));
  });
});

describe('what can not be built is refused with its place', () => {
  const base = { 'base/Dockerfile': 'FROM scratch\n' };
  test.each<[string, Record<string, string>, Parameters<typeof bakePlan>[2], string]>([
    [
      'a stage that BuildKit would leave out',
      { 'app/Dockerfile': 'FROM scratch\nCOPY x /x\nFROM base AS Base\nCOPY y /y\n' },
      {},
      'app/Dockerfile:3: "base" is also the name of a build stage',
    ],
    [
      'an image of somebody else that BuildKit takes for ours',
      { 'app/Dockerfile': 'FROM base\nFROM docker.io/library/base:latest\nCOPY --from=0 / /\n' },
      {},
      'app/Dockerfile:2: "docker.io/library/base:latest" and "base" in line 1 are one image to BuildKit',
    ],
    [
      'the same the other way round',
      { 'app/Dockerfile': 'FROM docker.io/base\nFROM base\nCOPY --from=0 / /\n' },
      {},
      'app/Dockerfile:2: "base" and "docker.io/base" in line 1 are one image to BuildKit',
    ],
    [
      'a tag that is not known',
      { 'app/Dockerfile': 'ARG TAG\nFROM base:$TAG\n' },
      {},
      'app/Dockerfile:2: "base:$TAG" is no name BuildKit would find it by; give $TAG a value under "args"',
    ],
    [
      'a platform that the target is not built for',
      { 'app/Dockerfile': 'FROM --platform=$BUILDPLATFORM base\n' },
      { platforms: ['linux/arm64'] },
      'app/Dockerfile:1: "base" is built for linux/arm64, and here wanted for $BUILDPLATFORM',
    ],
    [
      'one where none is asked for',
      { 'app/Dockerfile': 'FROM --platform=linux/386 base\n' },
      {},
      'app/Dockerfile:1: "base" is built for the platform of the builder, and here wanted for linux/386',
    ],
    [
      'a directory like a host',
      { 'github.com/x/Dockerfile': 'FROM scratch\n' },
      {},
      '"github.com/x" for an address',
    ],
  ])('%s', (_, files, options, message) => {
    expect(() => bakePlan({ ...base, ...files }, {}, options)).toThrow(message);
  });

  test.each(['a:b', 'target:x', '-'])('a context that buildx takes for something else: %s', (context) => {
    const files = { [`${context}/y`]: '', 'app/Dockerfile': 'FROM scratch\n' };
    expect(() => bakePlan(files, { images: { app: { context } } })).toThrow(
      `app/Dockerfile: docker buildx bake takes "${context}" for an address`,
    );
  });

  test('a path that would change', () => {
    const files = { 'e\u0301/y': '', 'app/Dockerfile': 'FROM scratch\n' };
    expect(() => bakePlan(files, { images: { app: { context: 'e\u0301' } } })).toThrow(
      `app/Dockerfile: "e\u0301" can't stand in a bake file`,
    );
  });

  test.each(['e\u0301', '\ufeffx', 'a\0b', '\ud800'])('a build arg that would change: %j', (value) => {
    const files = { 'app/Dockerfile': 'FROM scratch\n' };
    expect(() => bakePlan(files, { images: { app: { args: { A: value } } } })).toThrow(
      "can't stand in a bake file",
    );
  });

  test('the platform of one FROM among those that are built for', () => {
    const files = { ...base, 'app/Dockerfile': 'FROM --platform=linux/386 base\n' };
    const plan = bakePlan(files, {}, { platforms: ['linux/386', 'linux/amd64'] });
    expect(contextsOf(plan, 'app')).toEqual({ base: 'target:base' });
  });
});

describe('targets', () => {
  test('names that differ in punctuation only get numbers, whatever is affected', () => {
    const files = {
      'a/b/Dockerfile': 'FROM scratch\n',
      'a-b/Dockerfile': 'FROM scratch\n',
      'a_b/Dockerfile': 'FROM scratch\n',
      'default/Dockerfile': 'FROM scratch\n',
    };
    const plan = bakePlan(files, { names: { a_b: 'a.b' } });
    const names = plan.targets.map(({ name }) => name);
    expect(new Set(names).size).toBe(4);
    expect(names).toContain('default_2');
    const one = bakePlan(files, { names: { a_b: 'a.b' } }, { affected: ['a/b'] });
    expect(one.targets[0]?.name).toBe(plan.targets.find(({ context }) => context === 'a/b')?.name);
  });

  test('Dockerfiles are named from their contexts', () => {
    const files = {
      'a/b/Dockerfile': 'FROM scratch\n',
      'c/Dockerfile': 'FROM scratch\n',
      'd/Dockerfile': 'FROM scratch\n',
    };
    const plan = bakePlan(files, { images: { 'a/b': { context: '.' }, d: { context: 'a/b' } } });
    expect(plan.targets.map(({ context, dockerfile }) => [context, dockerfile])).toEqual([
      ['.', 'a/b/Dockerfile'],
      ['c', 'Dockerfile'],
      ['a/b', '../../d/Dockerfile'],
    ]);
  });

  test('only args that are the registry, or below it, are expanded', () => {
    const args = { A: '$CI_REGISTRY_IMAGE/x', B: 'x$CI_REGISTRY_IMAGE', C: '$CI_COMMIT_SHORT_SHA' };
    const plan = bakePlan({ 'a/Dockerfile': 'FROM scratch\n' }, { images: { a: { args } } });
    expect(plan.targets[0]?.args).toEqual(new Map(Object.entries({ ...args, A: `${REGISTRY}/x` })));
  });
});

test('the targets of any repository are built from each other as its images are', () => {
  fc.assert(
    fc.property(historyOf(1), ([state]) => {
      const [files, settings] = [filesOf(state), settingsOf(state)];
      const { images, problems } = side(files, settings);
      fc.pre(problems.length === 0);
      let plan: BakePlan;
      try {
        plan = bakePlan(files, settings);
      } catch (error) {
        // An image without a known tag: these repositories have no other reason.
        expect((error as Error).message).toMatch(
          /^i\d\/Dockerfile:\d+: ".*" (?:is no name|and ".*" in line)/,
        );
        fc.pre(false);
        return;
      }
      const names = new Map([...images.keys()].map((name) => [name.replaceAll(':', '_'), name] as const));
      const built = plan.targets.map(({ name, contexts }): [string, string[]] => [
        names.get(name) as string,
        [
          ...new Set(
            [...contexts.values()].map((value) => names.get(value.slice('target:'.length)) as string),
          ),
        ].sort(),
      ]);
      expect(Object.fromEntries(built)).toEqual(
        Object.fromEntries([...imageGraph(images)].map(([name, needed]) => [name, [...needed].sort()])),
      );
      for (const { contexts } of plan.targets) {
        for (const value of contexts.values()) expect(value).toMatch(/^target:/);
      }
      // Whatever is built is built after what it is built from.
      const order = plan.targets.map(({ name }) => name);
      for (const { name, contexts } of plan.targets) {
        for (const value of contexts.values()) {
          expect(order.indexOf(value.slice('target:'.length))).toBeLessThan(order.indexOf(name));
        }
      }
    }),
    { numRuns: runs(200) },
  );
});
