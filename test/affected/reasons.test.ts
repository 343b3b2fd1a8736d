import { describe, expect, test } from 'vitest';
import { explainReason, isDirect, type Reason } from '../../src/affected/reasons.ts';

const source = {
  kind: 'source',
  instruction: 'COPY',
  source: 'src',
  line: 3,
  path: 'a/src/x',
  status: 'added',
} as const;

describe('a reason in words', () => {
  test.each<[Reason, string]>([
    [
      { kind: 'dockerfile', path: 'a/Dockerfile', status: 'modified' },
      'a/Dockerfile modified (its Dockerfile)',
    ],
    [source, 'a/src/x added (COPY src, line 3)'],
    [{ ...source, link: 'a/src' }, 'a/src/x added (COPY src through the link a/src, line 3)'],
    [{ ...source, directory: 'a/src' }, 'a/src/x added, and with it the directory a/src (COPY src, line 3)'],
    [
      { kind: 'declared-input', glob: 'shared/**', path: 'shared/x', status: 'deleted' },
      'shared/x deleted (declared input shared/**)',
    ],
    [
      { kind: 'ci-file', path: 'a/.gitlab-ci.yml', status: 'type-changed' },
      'a/.gitlab-ci.yml type-changed (its CI jobs)',
    ],
    [
      { kind: 'ignore-file', path: 'a/.dockerignore', example: 'a/x' },
      'a/.dockerignore changed what the build context holds (a/x)',
    ],
    [
      { kind: 'template', path: 'ci-templates/k.yml', template: '.k' },
      'ci-templates/k.yml changed (template .k)',
    ],
    [{ kind: 'config', settings: ['args.A', 'target'] }, 'its settings changed: args.A, target'],
    [{ kind: 'new-image', dockerfile: 'a/Dockerfile' }, 'new image (a/Dockerfile)'],
    [{ kind: 'dependency', image: 'base', instruction: 'FROM' }, 'FROM base, which is affected'],
    [
      { kind: 'dependency', image: 'base', instruction: 'COPY', removed: true },
      'COPY --from base, which was removed',
    ],
    [{ kind: 'dependency', image: 'base', instruction: 'RUN' }, 'RUN --mount from base, which is affected'],
    [{ kind: 'unknown', code: 'missing-image', detail: 'x is missing' }, "can't be known: x is missing"],
    [{ kind: 'unowned', path: 'Makefile', count: 1 }, 'Makefile changed, which belongs to no image'],
    [
      { kind: 'unowned', path: 'Makefile', count: 3 },
      'Makefile and 2 more changed, which belong to no image',
    ],
    [{ kind: 'everything', detail: 'there is no base' }, 'there is no base'],
  ])('%j', (reason, words) => {
    expect(explainReason(reason)).toBe(words);
  });
});

test('only what another image hands on is not direct', () => {
  expect(isDirect(source)).toBe(true);
  expect(isDirect({ kind: 'dependency', image: 'base', instruction: 'FROM' })).toBe(false);
});
