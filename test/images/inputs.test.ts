import { describe, expect, test } from 'vitest';
import { type ImageInputs, inputRule } from '../../src/images/inputs.ts';
import { type Files, side } from '../support/snapshot.ts';

type Settings = Parameters<typeof side>[1];

function inputsOf(files: Files, settings: Settings = {}, name = 'app'): ImageInputs {
  return side(files, settings).images.get(name)?.inputs as ImageInputs;
}

/** Which of the paths are inputs of the image `app`. */
function inputsAmong(paths: readonly string[], files: Files, settings: Settings = {}): string[] {
  const inputs = inputsOf(files, settings);
  return paths.filter((path) => inputRule(inputs, path));
}

describe('which rule makes a path an input', () => {
  const inputs = inputsOf(
    {
      'app/Dockerfile':
        'FROM scratch\nCOPY conf lib/*.sh /etc/\nADD data.tar /\nRUN --mount=source=tool,target=/t x\n',
      'app/.dockerignore': 'conf/secret\nlib/skip.sh\nDockerfile\nshared.txt\n',
      'app/via': { symlink: '../shared' },
    },
    { images: { app: { inputs: ['shared/**', 'app/shared.txt'] } } },
  );

  test.each([
    // An ignore file can't keep the Dockerfile out.
    ['app/Dockerfile', { kind: 'dockerfile' }],
    ['app/conf', { kind: 'source', instruction: 'COPY', source: 'conf', line: 2 }],
    ['app/conf/a/b', { kind: 'source', instruction: 'COPY', source: 'conf', line: 2 }],
    ['app/conf/new\n\udc80', { kind: 'source', instruction: 'COPY', source: 'conf', line: 2 }],
    ['app/lib/a.sh', { kind: 'source', instruction: 'COPY', source: 'lib/*.sh', line: 2 }],
    ['app/data.tar', { kind: 'source', instruction: 'ADD', source: 'data.tar', line: 3 }],
    ['app/tool/x', { kind: 'source', instruction: 'RUN', source: 'tool', line: 4 }],
    ['shared/a', { kind: 'declared-input', glob: 'shared/**' }],
    // Declared inputs are no matter of the build context.
    ['app/shared.txt', { kind: 'declared-input', glob: 'app/shared.txt' }],
    ['app/.gitlab-ci.yml', { kind: 'ci-file' }],
    ['app/conf/secret', undefined],
    ['app/lib/skip.sh', undefined],
    ['app/lib/sub/a.sh', undefined],
    ['app/other', undefined],
    ['application/conf', undefined],
    ['conf', undefined],
    ['.gitlab-ci.yml', undefined],
    ['app/.dockerignore', undefined],
  ])('%j', (path, rule) => {
    expect(inputRule(inputs, path)).toEqual(rule);
  });
});

describe('the build context', () => {
  test.each<[context: string, expected: string[]]>([
    ['app', ['app/conf']],
    ['.', ['conf']],
    ['other', ['other/conf']],
  ])('%s', (context, expected) => {
    const files = { 'app/Dockerfile': 'FROM scratch\nCOPY conf /\n' };
    const paths = ['app/conf', 'conf', 'other/conf'];
    expect(inputsAmong(paths, files, { images: { app: { context } } })).toEqual(expected);
  });

  test('may be reached through a link, and the ignore file with it', () => {
    const files: Files = {
      'app/Dockerfile': 'FROM scratch\nCOPY . /\n',
      here: { symlink: 'really/there' },
      'really/there/.dockerignore': 'skip\n',
    };
    const inputs = inputsOf(files, { images: { app: { context: 'here' } } });
    expect(inputs.context).toBe('really/there');
    expect(inputs.ignoreFile?.path).toBe('really/there/.dockerignore');
    expect(inputRule(inputs, 'really/there/x')?.kind).toBe('source');
    expect(inputRule(inputs, 'really/there/skip')).toBeUndefined();
  });

  test('the image of the root has the whole repository, but the project’s CI file is not its own', () => {
    const inputs = inputsOf({ Dockerfile: 'FROM scratch\nCOPY conf /\n' }, {}, 'repo');
    expect(inputRule(inputs, 'conf/x')?.kind).toBe('source');
    expect(inputRule(inputs, 'app/conf')).toBeUndefined();
    expect(inputs.ciFile).toBeUndefined();
    expect(inputRule(inputs, '.gitlab-ci.yml')).toBeUndefined();
  });
});

describe('the ignore file in force', () => {
  const dockerfile = 'FROM scratch\nCOPY . /\n';

  test.each<[string, Files, string[]]>([
    ['the context’s', { 'app/.dockerignore': 'a' }, ['app/b']],
    [
      'the Dockerfile’s own wins',
      { 'app/.dockerignore': 'a', 'app/Dockerfile.dockerignore': 'b' },
      ['app/a'],
    ],
    [
      'even when it is empty',
      { 'app/.dockerignore': 'a', 'app/Dockerfile.dockerignore': '' },
      ['app/a', 'app/b'],
    ],
    ['through a link', { 'app/.dockerignore': { symlink: '../ignore' }, ignore: 'b' }, ['app/a']],
    ['another directory’s is not', { '.dockerignore': '**' }, ['app/a', 'app/b']],
  ])('%s', (_, more, expected) => {
    expect(inputsAmong(['app/a', 'app/b'], { 'app/Dockerfile': dockerfile, ...more })).toEqual(expected);
  });

  // Kaniko tests one parent only, the one with as many segments as the pattern.
  test.each([
    ['kaniko', ['app/a/b/skip/c', 'app/c/skip/keep']],
    ['docker', ['app/c/skip/keep']],
    ['union', ['app/a/b/skip/c', 'app/c/skip/keep']],
  ] as const)('by the rules of %s', (dockerignore, expected) => {
    const files = { 'app/Dockerfile': dockerfile, 'app/.dockerignore': '**/skip\n!**/keep\n' };
    expect(inputsAmong(['app/a/b/skip/c', 'app/c/skip/keep'], files, { dockerignore })).toEqual(expected);
  });

  test.each([
    ['kaniko', ['app/a', 'app/b']],
    ['docker', ['app/b']],
    ['union', ['app/a', 'app/b']],
  ] as const)('--exclude counts for Docker alone: %s', (dockerignore, expected) => {
    const files = { 'app/Dockerfile': 'FROM scratch\nCOPY --exclude=a . /\n' };
    expect(inputsAmong(['app/a', 'app/b'], files, { dockerignore })).toEqual(expected);
  });
});

describe('links', () => {
  const files: Files = {
    'app/Dockerfile': { symlink: '../common/docker' },
    'common/docker': { symlink: 'files/app' },
    'common/files/app': 'FROM scratch\nCOPY via/conf /\nCOPY other /\n',
    'app/via': { symlink: '../deep/shared' },
    'app/other': { symlink: '../hop/x' },
    deep: { symlink: 'very' },
    'very/shared/conf': 'x',
    hop: { symlink: 'very' },
    'very/x': 'x',
  };

  test('a Dockerfile is every link to it and the file itself', () => {
    expect(inputsOf(files).dockerfile).toEqual(['app/Dockerfile', 'common/docker', 'common/files/app']);
  });

  test.each([
    ['app/via', 'via/conf', 'app/via'],
    ['deep', 'via/conf', 'deep'],
    ['deep/shared/conf', 'via/conf', 'app/via'],
    ['very/shared/conf', 'via/conf', 'deep'],
    ['hop', 'other', 'hop'],
    ['very/x', 'other', 'hop'],
    ['very/x/y', 'other', 'hop'],
  ])('%s is reached by COPY %s through %s', (path, source, link) => {
    expect(inputRule(inputsOf(files), path)).toEqual(
      expect.objectContaining({ kind: 'source', source, link }),
    );
  });

  test.each(['very', 'very/shared/other', 'very/y'])('%s is not reached', (path) => {
    expect(inputRule(inputsOf(files), path)).toBeUndefined();
  });
});

test('a source that only the base image knows takes the whole context', () => {
  const inputs = inputsOf({ 'app/Dockerfile': 'FROM alpine\nCOPY $HOME/x /\n' });
  expect(inputRule(inputs, 'app/any/thing')).toEqual(
    expect.objectContaining({ kind: 'source', source: 'x', instruction: 'COPY', line: 2 }),
  );
  expect(inputRule(inputs, 'elsewhere')).toBeUndefined();
});
