import { describe, expect, test } from 'vitest';
import { cliJson } from '../support/cli.ts';
import { createRepository } from '../support/repository.ts';

/** One repository in which each image is affected for one reason; the image is named after the reason's kind. */
async function everyReason() {
  const repository = await createRepository();
  const config = (value: string) =>
    `images:\n  declared-input: {inputs: ["shared/*.env"]}\n  template: {template: .special}\n  config: {args: {A: "${value}"}}\n`;
  const base = await repository.commit({
    'affected.yml': config('1'),
    'shared/data': '1',
    'shared/versions.env': '1',
    'ci-templates/special.yml': '.special:\n  extends: .kaniko-build\n',
    'dockerfile/Dockerfile': 'FROM scratch\n',
    'source/Dockerfile': 'FROM scratch\nCOPY a /a\n',
    'source/a': '1',
    'link/Dockerfile': 'FROM scratch\nADD data /data\n',
    'link/data': { symlink: '../shared/data' },
    'declared-input/Dockerfile': 'FROM scratch\n',
    'ci-file/Dockerfile': 'FROM scratch\n',
    'ignore-file/Dockerfile': 'FROM scratch\nCOPY d /\n',
    'ignore-file/d/old': '1',
    'template/Dockerfile': 'FROM scratch\n',
    'config/Dockerfile': 'FROM scratch\n',
    'dependency/Dockerfile': 'FROM scratch\nCOPY --from=source /a /a\n',
    'removed-dependency/Dockerfile': 'FROM gone\n',
    'gone/Dockerfile': 'FROM scratch\n',
    'unknown/Dockerfile': 'ARG WHICH\nFROM $WHICH\n',
    'unaffected/Dockerfile': 'FROM scratch\n',
  });
  const head = await repository.commit({
    'affected.yml': config('2'),
    'shared/data': '2',
    'shared/versions.env': '2',
    'ci-templates/special.yml': '.special:\n  extends: .kaniko-build\n  tags: [big]\n',
    'dockerfile/Dockerfile': 'FROM scratch AS last\n',
    'source/a': null,
    'ci-file/.gitlab-ci.yml': 'lint:\n  script: [lint]\n',
    'ignore-file/.dockerignore': 'd/old\n',
    'gone/Dockerfile': null,
    'new-image/Dockerfile': 'FROM scratch\n',
  });
  return { repository, base, head };
}

describe('affected --json', () => {
  test('holds every field, and every kind of reason as it is documented', async () => {
    const { repository, base, head } = await everyReason();
    const comparison = await cliJson(repository.dir, ['--base', base, '--head', head]);
    const { affected, ...rest } = comparison;
    const unknown = {
      code: 'unresolved-reference',
      detail: expect.stringMatching(
        /^unknown\/Dockerfile:2: "\$WHICH" can't be resolved: \$WHICH has no value/,
      ),
    };
    expect(rest).toEqual({
      base,
      head,
      baseWhy: `--base ${base}`,
      changedPaths: 10,
      workingTree: null,
      unaffected: ['unaffected'],
      removed: [{ name: 'gone', directory: 'gone' }],
      widened: [{ scope: 'image', image: 'unknown', ...unknown }],
      unowned: [],
    });
    expect(Object.fromEntries(affected.map(({ name, reasons }) => [name, reasons]))).toEqual({
      dockerfile: [{ kind: 'dockerfile', path: 'dockerfile/Dockerfile', status: 'modified' }],
      source: [
        { kind: 'source', instruction: 'COPY', source: 'a', line: 2, path: 'source/a', status: 'deleted' },
      ],
      link: [
        {
          kind: 'source',
          instruction: 'ADD',
          source: 'data',
          line: 2,
          link: 'link/data',
          path: 'shared/data',
          status: 'modified',
        },
      ],
      'declared-input': [
        { kind: 'declared-input', glob: 'shared/*.env', path: 'shared/versions.env', status: 'modified' },
      ],
      'ci-file': [{ kind: 'ci-file', path: 'ci-file/.gitlab-ci.yml', status: 'added' }],
      'ignore-file': [
        { kind: 'ignore-file', path: 'ignore-file/.dockerignore', example: 'ignore-file/d/old' },
      ],
      template: [{ kind: 'template', path: 'ci-templates/special.yml', template: '.special' }],
      config: [{ kind: 'config', settings: ['args.A'] }],
      'new-image': [{ kind: 'new-image', dockerfile: 'new-image/Dockerfile' }],
      dependency: [{ kind: 'dependency', image: 'source', instruction: 'COPY' }],
      'removed-dependency': [{ kind: 'dependency', image: 'gone', instruction: 'FROM', removed: true }],
      unknown: [{ kind: 'unknown', ...unknown }],
    });
    expect(affected.find(({ name }) => name === 'dependency')).toEqual({
      name: 'dependency',
      directory: 'dependency',
      dockerfile: 'dependency/Dockerfile',
      reasons: [{ kind: 'dependency', image: 'source', instruction: 'COPY' }],
      dependsOn: ['source'],
    });
  });

  test('without a base', async () => {
    const { repository, head } = await everyReason();
    const comparison = await cliJson(repository.dir, [], { env: { AFFECTED_ALL: '1' } });
    expect(comparison).toMatchObject({
      base: null,
      head,
      baseWhy: 'AFFECTED_ALL is set',
      changedPaths: null,
      workingTree: { staged: 0, unstaged: 0, untracked: 0 },
      unaffected: [],
      removed: [],
    });
    for (const { reasons } of comparison.affected) {
      expect(reasons[0]).toEqual({ kind: 'everything', detail: 'AFFECTED_ALL is set' });
    }
    expect(comparison.affected).toHaveLength(13);
  });

  test('everything widened', async () => {
    const { repository } = await everyReason();
    await repository.git('switch', '--quiet', '--orphan', 'orphan');
    const head = await repository.commit({ 'a/Dockerfile': 'FROM scratch\n' });
    const detail = 'This commit and main share no history.';
    expect(await cliJson(repository.dir, ['--since', 'main'])).toEqual({
      base: null,
      head,
      baseWhy: 'merge base with main (--since)',
      changedPaths: null,
      workingTree: { staged: 0, unstaged: 0, untracked: 0 },
      affected: [
        {
          name: 'a',
          directory: 'a',
          dockerfile: 'a/Dockerfile',
          reasons: [{ kind: 'everything', detail }],
          dependsOn: [],
        },
      ],
      unaffected: [],
      removed: [],
      widened: [{ scope: 'all', code: 'no-merge-base', detail }],
      unowned: [],
    });
  });
});
