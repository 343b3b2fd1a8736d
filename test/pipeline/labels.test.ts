import { describe, expect, test } from 'vitest';
import { canonicalReference } from '../../src/pipeline/canonical-reference.ts';
import { plan } from '../support/plan.ts';

const PINNED = `sha256:${'a'.repeat(64)}`;

/** The labels of the image `app`. */
function labels(dockerfile: string, options: Parameters<typeof plan>[1] = {}) {
  const files = { 'base/Dockerfile': 'FROM scratch\n', 'app/Dockerfile': dockerfile };
  return plan(files, options).builds.find(({ image }) => image.name.startsWith('app'))?.labels;
}

describe('what an image says of itself', () => {
  test.each<[string, string, object]>([
    ['nothing of what it is not built on', 'FROM scratch\n', {}],
    [
      'somebody else’s image by its full name',
      'FROM alpine\n',
      { 'base.name': 'docker.io/library/alpine:latest' },
    ],
    [
      'and by its digest, where the Dockerfile names it',
      `ARG T=3.23\nFROM alpine:\${T}@${PINNED} AS b\nFROM b\n`,
      { 'base.name': 'docker.io/library/alpine:3.23', 'base.digest': PINNED },
    ],
    ['nothing of what can’t be known', 'ARG X\nFROM r.example.com/a:$X\n', {}],
  ])('%s', (_, dockerfile, known) => {
    const named = Object.entries(known).map(([name, value]) => [
      `org.opencontainers.image.${name}`,
      value as string,
    ]);
    expect(labels(dockerfile)).toEqual({
      known: Object.fromEntries(named),
      base: undefined,
      isBase: false,
      own: [],
    });
  });

  test('the image here that it is built on is known in the job', () => {
    expect(labels('FROM base\n')).toMatchObject({ known: {}, base: 'AFFECTED_IMAGE_BASE' });
    expect(labels('FROM base AS b\nFROM alpine\nCOPY --from=b a /\nCOPY --from=base a /\n')).toMatchObject({
      known: { 'org.opencontainers.image.base.name': 'docker.io/library/alpine:latest' },
      base: undefined,
    });
  });

  test('where it is not built here, what its Dockerfile makes of it counts', () => {
    expect(labels('FROM base\n', { affected: ['app'] })).toMatchObject({ base: 'AFFECTED_PUBLISHED_1' });
    expect(
      labels('ARG CI_REGISTRY_IMAGE\nFROM $CI_REGISTRY_IMAGE/base\n', { affected: ['app'] }),
    ).toMatchObject({
      known: {},
      base: undefined,
    });
  });

  test('others are built from it, in this pipeline or not', () => {
    const files = {
      'base/Dockerfile': 'FROM scratch\n',
      'app/Dockerfile': 'FROM scratch\nCOPY --from=base a /\n',
    };
    const told = (affected: string[]) =>
      plan(files, { affected }).builds.map(({ labels: { isBase } }) => isBase);
    expect(told(['base', 'app'])).toEqual([true, false]);
    expect(told(['base'])).toEqual([true]);
  });

  test('a component has a version', () => {
    const images = { app: { component: { arg: 'N' } } };
    expect(labels('FROM scratch\nARG N=1.2\n', { images })?.known).toEqual({
      'org.opencontainers.image.version': '1.2',
    });
    expect(() => labels('FROM scratch\n', { images })).toThrow('app/Dockerfile: no ARG N');
  });

  test('what its Dockerfile says of it stays', () => {
    const images = { app: { component: { arg: 'N' } } };
    const dockerfile = `FROM alpine AS unused
LABEL org.opencontainers.image.source=x
FROM alpine AS b
LABEL a=b "org.opencontainers.image.version"="3" \\
  org.opencontainers.image.base.name=mine
FROM b
ARG N=1
LABEL org.opencontainers.image.title my title
LABEL org.opencontainers.image.$X=1
`;
    expect(labels(dockerfile, { images })).toEqual({
      known: {},
      base: undefined,
      isBase: false,
      own: ['base.name', 'title', 'version'],
    });
    expect(labels(dockerfile, { images: { app: { target: '0' } } })?.own).toEqual(['source']);
  });
});

test.each([
  ['alpine', 'docker.io/library/alpine:latest', undefined],
  ['grafana/grafana:12', 'docker.io/grafana/grafana:12', undefined],
  ['index.docker.io/a', 'docker.io/library/a:latest', undefined],
  ['localhost/a', 'localhost/a:latest', undefined],
  ['r.example.com:5000/a/b', 'r.example.com:5000/a/b:latest', undefined],
  ['r:5000/a:1', 'r:5000/a:1', undefined],
  [`a@${PINNED}`, 'docker.io/library/a', PINNED],
  [`r.example.com/a:1@${PINNED}`, 'r.example.com/a:1', PINNED],
])('%s in full', (reference, name, digest) => {
  expect(canonicalReference(reference)).toEqual({ name, digest });
});

test.each(['', 'A', 'r.example.com/A', 'a b', '$X/a', 'a:', 'a@sha256:0', '-a', 'a:1:2'])(
  '%j is none',
  (reference) => {
    expect(canonicalReference(reference)).toBeUndefined();
  },
);
