import { describe, expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { createRepository, type Files } from '../support/repository.ts';

const images: Files = Object.fromEntries(
  ['spark', 'airflow', 'flink'].map((name) => [`docker/${name}/Dockerfile`, 'FROM scratch\n']),
);
const app: Files = { 'app/Dockerfile': 'FROM docker/spark\n' };
const config = (paths: string) => `inputs:
  - {paths: ["${paths}"], keys: ["spark.**"], images: [docker/spark]}
  - {paths: ["${paths}"], keys: ["{x}.version"], images: ["docker/{x}"]}
`;

async function change(before: Files, after: Files) {
  const repository = await createRepository();
  const base = await repository.commit({ ...images, ...app, ...before });
  await repository.commit(after);
  return cliJson(repository.dir, ['--base', base]);
}

const reasonsOf = ({ affected }: Awaited<ReturnType<typeof change>>, name: string) =>
  affected.find((image) => image.name === name)?.reasons;

describe('a changed key affects the images that declare it', () => {
  const before = { 'affected.yml': config('versions.yml') };
  const text = 'spark: {version: 3.5, hash: x}\nairflow: {version: 2, hash: y}\n';

  test.each<[string, string, string[]]>([
    [
      'below a key',
      'spark: {version: 3.5, hash: z}\nairflow: {version: 2, hash: y}\n',
      ['docker/spark', 'app'],
    ],
    [
      'by the name of the directory',
      'spark: {version: 3.5, hash: x}\nairflow: {version: 3, hash: y}\n',
      ['docker/airflow'],
    ],
    ['that nobody declares', 'spark: {version: 3.5, hash: x}\nairflow: {version: 2, hash: z}\n', []],
    ['that is new', `${text}flink: {version: 1}\n`, ['docker/flink']],
    ['that is gone', 'spark: {version: 3.5, hash: x}\n', ['docker/airflow']],
    [
      'in its type',
      'spark: {version: "3.5", hash: x}\nairflow: {version: 2, hash: y}\n',
      ['docker/spark', 'app'],
    ],
    [
      'in digits a number does not keep',
      'spark: {version: 3.50, hash: x}\nairflow: {version: 2, hash: y}\n',
      ['docker/spark', 'app'],
    ],
    [
      'in nothing but its form',
      '# x\nairflow:\n  hash: "y"\n  version: 2\nspark:\n  hash: x\n  version: 3.5\n',
      [],
    ],
  ])('%s', async (_, after, expected) => {
    const comparison = await change({ ...before, 'versions.yml': text }, { 'versions.yml': after });
    expect(namesOf(comparison)).toEqual(expected);
    expect(comparison.widened).toEqual([]);
  });

  test('each key counts for each image, if the image says what its placeholders stand for', async () => {
    const both = 'inputs: [{paths: [v.yml], keys: [java, "{x}"], images: [docker/spark, "docker/{x}"]}]\n';
    const files = { 'affected.yml': both, 'v.yml': 'java: 1\nspark: 1\nflink: 1\n' };
    const all = ['docker/airflow', 'docker/flink', 'docker/spark', 'app'];
    expect(namesOf(await change(files, { 'v.yml': 'java: 2\nspark: 1\nflink: 1\n' }))).toEqual(all);
    expect(namesOf(await change(files, { 'v.yml': 'java: 1\nspark: 2\nflink: 1\n' }))).toEqual([
      'docker/spark',
      'app',
    ]);
    expect(namesOf(await change(files, { 'v.yml': 'java: 1\nspark: 1\nflink: 2\n' }))).toEqual([
      'docker/flink',
    ]);
  });

  test('and say which keys', async () => {
    const after = 'spark: {version: 4, hash: z}\nairflow: {version: 3, hash: z}\n';
    const comparison = await change({ ...before, 'versions.yml': text }, { 'versions.yml': after });
    const reason = { kind: 'declared-input', path: 'versions.yml', status: 'modified', glob: 'versions.yml' };
    expect(reasonsOf(comparison, 'docker/spark')).toEqual([
      { ...reason, keys: ['spark.hash', 'spark.version'] },
    ]);
    expect(reasonsOf(comparison, 'docker/airflow')).toEqual([{ ...reason, keys: ['airflow.version'] }]);
  });

  test('a file that comes or goes', async () => {
    const gone = await change({ ...before, 'versions.yml': text }, { 'versions.yml': null });
    expect(namesOf(gone)).toEqual(['docker/airflow', 'docker/spark', 'app']);
    expect(reasonsOf(gone, 'docker/airflow')).toMatchObject([
      { status: 'deleted', keys: ['airflow.version'] },
    ]);
    const come = await change(before, { 'versions.yml': text });
    expect(namesOf(come)).toEqual(['docker/airflow', 'docker/spark', 'app']);
    expect(namesOf(await change(before, { 'versions.yml': 'java: 1\n' }))).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['versions.json', '{"spark": {"a": 1.0}, "b": 1}', '{"b": 2, "spark": {"a": 1}}'],
    ['versions.toml', 'b = 1\n[spark]\na = 1.0\n', 'b = 2\n[spark]\na = 1.00\n'],
    ['versions.env', 'b=1\nspark.a=1\n', 'spark.a=2\nb=2\n'],
    ['versions.properties', 'b=1\nspark.a=1\n', 'spark.a:2\nb=2\n'],
  ])('%s', async (file, old, now) => {
    const comparison = await change({ 'affected.yml': config(file), [file]: old }, { [file]: now });
    expect(namesOf(comparison)).toEqual(['docker/spark', 'app']);
    expect(reasonsOf(comparison, 'docker/spark')).toMatchObject([{ keys: ['spark.a'] }]);
  });

  test('many keys are counted', async () => {
    const many = (value: number) => JSON.stringify({ spark: Array.from({ length: 30 }, () => value) });
    const settings = { 'affected.yml': config('v.json') };
    const repository = await createRepository();
    const base = await repository.commit({ ...images, ...settings, 'v.json': many(1) });
    await repository.commit({ 'v.json': many(2) });
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(reasonsOf(comparison, 'docker/spark')).toMatchObject([{ keys: { length: 8 }, moreKeys: 22 }]);
    const { stdout } = await cli(repository.dir, ['explain', '--base', base, 'docker/spark']);
    expect(stdout).toContain('v.json modified (declared input v.json: spark.0, spark.1, ');
    expect(stdout).toContain(' and 22 more)');
  });

  test('the image’s own, next to files that count as a whole', async () => {
    const own = 'images:\n  docker/spark:\n    inputs: [whole.yml, {paths: ["conf/*.yml"], keys: [spark]}]\n';
    const files = {
      'affected.yml': own,
      'whole.yml': 'a: 1',
      'conf/a.yml': 'spark: 1',
      'conf/b.yml': 'spark: 1\nx: 1',
    };
    expect(namesOf(await change(files, { 'whole.yml': 'a: 1 # x' }))).toEqual(['docker/spark', 'app']);
    expect(namesOf(await change(files, { 'conf/b.yml': 'spark: 1\nx: 2' }))).toEqual([]);
    expect(namesOf(await change(files, { 'conf/b.yml': 'spark: 2\nx: 1' }))).toEqual(['docker/spark', 'app']);
  });

  test('of several inputs that name a file, each counts, and one without keys takes the whole', async () => {
    const both = `${config('versions.yml')}  - {paths: [versions.yml], keys: [java], images: [docker/spark]}\n`;
    const files = { 'affected.yml': both, 'versions.yml': 'java: 1\nx: 1\n' };
    expect(namesOf(await change(files, { 'versions.yml': 'java: 2\nx: 1\n' }))).toEqual([
      'docker/spark',
      'app',
    ]);
    expect(namesOf(await change(files, { 'versions.yml': 'java: 1\nx: 2\n' }))).toEqual([]);
    const whole = { ...files, 'affected.yml': `${both}  - {paths: ["*.yml"], images: [docker/flink]}\n` };
    expect(namesOf(await change(whole, { 'versions.yml': 'java: 1\nx: 2\n' }))).toEqual(['docker/flink']);
  });

  test('a file that is copied too', async () => {
    const files = {
      'affected.yml': `${config('docker/spark/v.yml')}images: {docker/spark: {inputs: []}}\n`,
      'docker/spark/Dockerfile': 'FROM scratch\nCOPY v.yml /\n',
      'docker/spark/v.yml': 'x: 1\n',
    };
    expect(
      reasonsOf(await change(files, { 'docker/spark/v.yml': 'x: 1 # y\n' }), 'docker/spark'),
    ).toMatchObject([{ kind: 'source' }]);
  });

  test('the image’s CI file', async () => {
    const files = {
      'affected.yml': config('docker/spark/.gitlab-ci.yml'),
      'docker/spark/.gitlab-ci.yml': 'a: {script: [x]}\n',
    };
    const comparison = await change(files, { 'docker/spark/.gitlab-ci.yml': 'a: {script: [y]}\n' });
    expect(reasonsOf(comparison, 'docker/spark')).toMatchObject([{ kind: 'ci-file' }]);
  });

  test('by the keys of the base and of the head', async () => {
    const other = config('versions.yml').replace('spark.**', 'java');
    const files = { 'affected.yml': other, 'versions.yml': 'java: 1\nspark: {a: 1}\n' };
    const moved = { 'affected.yml': config('versions.yml') };
    for (const after of ['java: 2\nspark: {a: 1}\n', 'java: 1\nspark: {a: 2}\n']) {
      expect(namesOf(await change(files, { ...moved, 'versions.yml': after }))).toEqual([
        'docker/spark',
        'app',
      ]);
    }
    expect(namesOf(await change(files, moved))).toEqual([]);
  });

  test('by the keys of the base alone', async () => {
    const files = { 'affected.yml': config('versions.yml'), 'versions.yml': 'spark: 1\nx: 1\n' };
    const none = { 'affected.yml': 'version: 1\n' };
    expect(namesOf(await change(files, { ...none, 'versions.yml': 'spark: 1\nx: 2\n' }))).toEqual([]);
    expect(namesOf(await change(files, { ...none, 'versions.yml': 'spark: 2\nx: 1\n' }))).toEqual([
      'docker/spark',
      'app',
    ]);
  });

  test('on disk', async () => {
    const repository = await createRepository();
    await repository.commit({ ...images, ...before, 'versions.yml': text });
    await repository.write({ 'versions.yml': text.replace('3.5', '4') });
    expect(namesOf(await cliJson(repository.dir, ['--base', 'HEAD']))).toEqual(['docker/spark']);
  });
});

describe('links', () => {
  const files: Files = {
    'affected.yml': config('conf/versions.yml'),
    'conf/versions.yml': { symlink: '../shared/versions.yml' },
    'shared/versions.yml': 'spark: {a: 1}\nx: 1\n',
    'shared/other.yml': 'spark: {a: 1}\nx: 2\n',
  };
  const linkedDirectory: Files = { ...files, 'conf/versions.yml': null, conf: { symlink: 'shared' } };

  test.each<[string, Files, Files, string[]]>([
    [
      'the file they lead to',
      files,
      { 'shared/versions.yml': 'spark: {a: 2}\nx: 1\n' },
      ['docker/spark', 'app'],
    ],
    ['another key of it', files, { 'shared/versions.yml': 'spark: {a: 1}\nx: 2\n' }, []],
    [
      'another file of the same values',
      files,
      { 'conf/versions.yml': { symlink: '../shared/other.yml' } },
      [],
    ],
    [
      'another file of other values',
      files,
      { 'conf/versions.yml': { symlink: '../shared/other.yml' }, 'shared/other.yml': 'spark: 1\n' },
      ['docker/spark', 'app'],
    ],
    ['a file in the place of a link', files, { 'conf/versions.yml': 'spark: {a: 1}\n' }, []],
    [
      'a link in the place of a file',
      { ...files, 'conf/versions.yml': 'spark: {a: 2}\n' },
      { 'conf/versions.yml': { symlink: '../shared/other.yml' } },
      ['docker/spark', 'app'],
    ],
    [
      'a directory',
      linkedDirectory,
      { 'shared/versions.yml': 'spark: {a: 2}\nx: 1\n' },
      ['docker/spark', 'app'],
    ],
    ['a directory, another key', linkedDirectory, { 'shared/versions.yml': 'spark: {a: 1}\nx: 2\n' }, []],
    [
      'a directory by a glob',
      { ...linkedDirectory, 'affected.yml': config('conf/*.yml') },
      { 'shared/other.yml': 'spark: {a: 2}\n' },
      ['docker/spark', 'app'],
    ],
  ])('%s', async (_, before, after, expected) => {
    const comparison = await change(before, after);
    expect([namesOf(comparison), comparison.widened]).toEqual([expected, []]);
  });

  test('one that comes to lead nowhere widens', async () => {
    const comparison = await change(files, { 'conf/versions.yml': { symlink: 'nowhere' } });
    expect(namesOf(comparison)).toEqual(['docker/airflow', 'docker/flink', 'docker/spark', 'app']);
    expect(comparison.widened).toMatchObject([
      { code: 'unreadable-file' },
      { code: 'unreadable-file' },
      { code: 'unreadable-file' },
    ]);
  });

  test('one that led nowhere at the base widens', async () => {
    const nowhere = { ...files, 'conf/versions.yml': { symlink: 'nowhere' } };
    const comparison = await change(nowhere, { 'conf/versions.yml': 'spark: {a: 1}\n' });
    expect(namesOf(comparison)).toEqual(['docker/airflow', 'docker/flink', 'docker/spark', 'app']);
    const widening = {
      code: 'unreadable-file',
      detail: expect.stringMatching(/^at the base, conf\/versions\.yml can't be read/),
    };
    expect(comparison.widened).toMatchObject([widening, widening, widening]);
  });
});

describe('a file that can’t be read', () => {
  const files = { 'affected.yml': config('versions.yml'), 'versions.yml': 'spark: {a: 1}\n' };

  test('at the head is an error with its place', async () => {
    const repository = await createRepository();
    const base = await repository.commit({ ...images, ...files });
    await repository.commit({ 'versions.yml': 'spark:\n  a: 1\n  a: 2\n' });
    const { code, stderr } = await cli(repository.dir, ['--base', base]);
    expect([code, stderr]).toEqual([
      2,
      'affected: versions.yml:3:3: this is no valid YAML: Map keys must be unique [declared-input]\n',
    ]);
    expect((await cli(repository.dir, ['--base', 'HEAD'])).code).toBe(0);
    expect((await cli(repository.dir, ['check'])).stdout).toBe(
      'versions.yml:3:3: this is no valid YAML: Map keys must be unique [declared-input]\n',
    );
  });

  test('at the head, but declared no more', async () => {
    const comparison = await change(files, { 'affected.yml': 'version: 1\n', 'versions.yml': '[' });
    expect(namesOf(comparison)).toEqual(['docker/airflow', 'docker/flink', 'docker/spark', 'app']);
  });

  test('at the base widens the images that use it', async () => {
    const own = 'images: {docker/flink: {inputs: [{paths: [versions.yml], keys: [x]}]}}\n';
    const comparison = await change(
      { 'affected.yml': own, 'versions.yml': '[' },
      { 'versions.yml': 'x: 1\n' },
    );
    expect(namesOf(comparison)).toEqual(['docker/flink']);
    expect(comparison.widened).toEqual([
      {
        scope: 'image',
        image: 'docker/flink',
        code: 'broken-at-base',
        detail: expect.stringMatching(/^at the base, versions\.yml:1:2: /) as string,
      },
    ]);
  });

  test('at the base, where it is declared no more', async () => {
    const own = 'images: {docker/flink: {inputs: [{paths: [versions.yml], keys: [x]}]}}\n';
    const comparison = await change(
      { 'affected.yml': own, 'versions.yml': '[' },
      { 'affected.yml': 'version: 1\n', 'versions.yml': 'x: 1\n' },
    );
    expect(namesOf(comparison)).toEqual(['docker/flink']);
    expect(comparison.widened).toMatchObject([{ image: 'docker/flink', code: 'broken-at-base' }]);
  });

  test('one inside of a submodule that changed', async () => {
    const at = (commit: string) => ({ conf: { submodule: commit.repeat(40) } });
    const own = { 'affected.yml': config('conf/versions.yml') };
    const comparison = await change({ ...own, ...at('1') }, at('2'));
    expect(reasonsOf(comparison, 'docker/spark')).toEqual([
      { kind: 'declared-input', path: 'conf', status: 'modified', glob: 'conf/versions.yml' },
    ]);
  });

  test('a submodule in its place', async () => {
    const comparison = await change(files, { 'versions.yml': { submodule: '1'.repeat(40) } });
    expect(namesOf(comparison)).toEqual(['docker/airflow', 'docker/flink', 'docker/spark', 'app']);
  });
});

test('what changed since either of several merge bases counts', async () => {
  const repository = await createRepository();
  await repository.commit({ ...images, 'affected.yml': config('v.yml'), 'v.yml': 'spark: {a: 1}\nx: 1\n' });
  await repository.git('checkout', '-q', '-b', 'topic');
  await repository.commit({ README: '1' });
  const topic = await repository.git('rev-parse', 'HEAD');
  await repository.git('checkout', '-q', 'main');
  await repository.commit({ 'v.yml': 'spark: {a: 2}\nx: 1\n' });
  const main = await repository.git('rev-parse', 'HEAD');
  await repository.git('merge', '-q', '--no-ff', '-m', 'one', topic);
  await repository.git('checkout', '-q', 'topic');
  await repository.git('merge', '-q', '--no-ff', '-m', 'other', main);
  for (const value of [1, 2]) {
    await repository.commit({ 'v.yml': `spark: {a: ${value}}\nx: 1\n` });
    expect(namesOf(await cliJson(repository.dir, ['--since', 'main', '--head', 'topic']))).toContain(
      'docker/spark',
    );
  }
});

describe('what a change of the file would do', () => {
  const files: Files = {
    ...images,
    ...app,
    'affected.yml': config('versions.yml'),
    'versions.yml': { symlink: 'v/a.yml' },
    'v/a.yml': 'spark: 1\n',
  };

  test.each(['versions.yml', 'v/a.yml', 'v'])('--what-if %s', async (path) => {
    const repository = await createRepository();
    await repository.commit(files);
    const comparison = await cliJson(repository.dir, ['--what-if', path]);
    expect(namesOf(comparison)).toEqual(['docker/airflow', 'docker/flink', 'docker/spark', 'app']);
    expect(reasonsOf(comparison, 'docker/spark')).toMatchObject([
      { kind: 'declared-input', keys: ['spark.**', 'spark.version'] },
    ]);
  });

  test('--what-if of one that does not exist yet', async () => {
    const repository = await createRepository();
    await repository.commit({ ...files, 'affected.yml': config('new/*.toml') });
    expect(namesOf(await cliJson(repository.dir, ['--what-if', 'new/x.toml']))).toHaveLength(4);
  });

  test('explain', async () => {
    const repository = await createRepository();
    await repository.commit(files);
    const { stdout } = await cli(repository.dir, ['explain', '--base', 'HEAD', 'v/a.yml']);
    expect(stdout).toBe(
      [
        'v/a.yml did not change.',
        'It can affect:',
        '  docker/airflow: declared input versions.yml: airflow.version',
        '  docker/flink: declared input versions.yml: flink.version',
        '  docker/spark: declared input versions.yml: spark.**, spark.version',
        'Built from these: app',
        '',
      ].join('\n'),
    );
  });
});

test.each<[string, Files, string[]]>([
  [
    'a key that no file has',
    {
      'affected.yml': 'inputs: [{paths: ["*.yaml"], keys: [sprak, a.b]}]\n',
      'a.yaml': 'spark: 1\n',
      'b.yaml': 'a: {b: 1}\n',
    },
    ['affected.yml: inputs: no key of *.yaml matches sprak [unused-setting]'],
  ],
  [
    'a key by image that no file has',
    {
      'affected.yml': 'inputs: [{paths: [a.yaml], keys: ["{x}.version"], images: ["docker/{x}"]}]\n',
      'a.yaml': 'spark: 1\n',
    },
    ['affected.yml: inputs: no key of a.yaml matches {x}.version [unused-setting]'],
  ],
  [
    'a key by image that some file has',
    {
      'affected.yml': 'inputs: [{paths: [a.yaml], keys: ["{x}.version"], images: ["docker/{x}"]}]\n',
      'a.yaml': 'spark: {version: 1}\n',
    },
    [],
  ],
  [
    'a file that is not there',
    { 'affected.yml': 'images: {docker/spark: {inputs: [{paths: [a.yaml], keys: [x]}]}}\n' },
    ['affected.yml: images["docker/spark"].inputs: no file matches a.yaml [unused-setting]'],
  ],
  [
    'images that are not there',
    {
      'affected.yml': 'inputs: [{paths: [a.json], keys: ["{x}"], images: ["nope/{x}"]}]\n',
      'a.json': '{"y": 1}',
    },
    ["affected.yml: inputs: nope/{x} is no image's directory [unused-setting]"],
  ],
  [
    'a file through a link',
    {
      'affected.yml': 'inputs: [{paths: [conf/a.env], keys: [A]}]\n',
      conf: { symlink: 'v' },
      'v/a.env': 'A=1',
    },
    [],
  ],
])('check: %s', async (_, files, expected) => {
  const repository = await createRepository();
  await repository.commit({ ...images, ...files });
  const { stdout } = await cli(repository.dir, ['check']);
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .filter((line) => line !== 'No findings.'),
  ).toEqual(expected);
});

test('a file belongs to the images that declare a key of it, whatever changes in it', async () => {
  const repository = await createRepository();
  const files = {
    ...images,
    'affected.yml': `unowned: {policy: error}\n${config('v.yml')}`,
    'v.yml': 'x: 1\n',
  };
  const base = await repository.commit(files);
  await repository.commit({ 'v.yml': 'x: 2\n' });
  expect((await cli(repository.dir, ['--base', base])).code).toBe(0);
});
