import { describe, expect, test } from 'vitest';
import { cli, cliJson, namesOf } from '../support/cli.ts';
import { builderCall, generate, mergeRequest, runWithStandIn } from '../support/pipeline.ts';
import { createRepository, type Files } from '../support/repository.ts';

const config = (more = '') => `names: {"docker/{x}": "base-{x}"}
images:
  docker/java:
    args: {DISTRIBUTION: "13"}
    variants:
      "21": {args: {JAVA_VERSION: "21"}, tags: ["21", latest]}
      "25": {args: {JAVA_VERSION: "25"${more}}, target: slim}
  app:
    variants:
      stable: {}
      next: {args: {JAVA: "25"}}
`;

const files = {
  'affected.yml': config(),
  'docker/java/Dockerfile':
    'ARG JAVA_VERSION\nFROM alpine:3 AS full\nARG JAVA_VERSION\nCOPY conf/$JAVA_VERSION /\nFROM full AS slim\nFROM full\nCOPY extra /\n',
  'docker/java/conf/21/x': '1',
  'docker/java/conf/25/x': '1',
  'docker/java/extra': '1',
  'docker/java/.gitlab-ci.yml': 'test:\n  script: [echo tested]\nbuild:\n  tags: [big]\n',
  'app/Dockerfile': 'ARG JAVA=latest\nFROM base-java:${JAVA}\n',
  'tool/Dockerfile': 'FROM scratch\nCOPY --from=base-java:21 /x /\n',
} satisfies Files;

async function platform(changed: Files = {}) {
  const repository = await createRepository();
  const empty = await repository.commit({ README: '' });
  const base = await repository.commit(files);
  await repository.commit(changed);
  return { repository, empty, base };
}

async function affectedBy(changed: Files): Promise<string[]> {
  const { repository, base } = await platform(changed);
  return namesOf(await cliJson(repository.dir, ['--base', base]));
}

describe('each variant is affected by itself', () => {
  test.each<[string, Files, string[]]>([
    ['a file that one copies', { 'docker/java/conf/25/x': '2' }, ['base-java:25', 'app:next']],
    [
      'a file of the stage only one builds',
      { 'docker/java/extra': '2' },
      ['base-java:21', 'app:stable', 'tool'],
    ],
    ['an arg of one', { 'affected.yml': config(', X: "1"') }, ['base-java:25', 'app:next']],
    [
      'their Dockerfile',
      { 'docker/java/Dockerfile': `${files['docker/java/Dockerfile']}RUN true\n` },
      ['base-java:21', 'base-java:25', 'app:next', 'app:stable', 'tool'],
    ],
    ['another file', { README: '2' }, []],
  ])('%s', async (_, changed, expected) => {
    expect(await affectedBy(changed)).toEqual(expected);
  });

  test('without a config before, the plain image is removed', async () => {
    const repository = await createRepository();
    const { 'affected.yml': variants, ...plain } = files;
    const base = await repository.commit({ ...plain, 'affected.yml': 'names: {"docker/{x}": "base-{x}"}\n' });
    await repository.commit({ 'affected.yml': variants });
    const comparison = await cliJson(repository.dir, ['--base', base]);
    expect(comparison.removed).toEqual([
      { name: 'app', directory: 'app' },
      { name: 'base-java', directory: 'docker/java' },
    ]);
    expect(namesOf(comparison)).toEqual(['base-java:21', 'base-java:25', 'app:next', 'app:stable', 'tool']);
  });

  test('--what-if', async () => {
    const { repository } = await platform();
    expect(namesOf(await cliJson(repository.dir, ['--what-if', 'docker/java/conf/25/x']))).toEqual([
      'base-java:25',
      'app:next',
    ]);
  });
});

describe('what is told', () => {
  test('JSON names the variant where there is one', async () => {
    const { repository, base } = await platform({ 'docker/java/extra': '2' });
    const { affected } = await cliJson(repository.dir, ['--base', base]);
    expect(affected.map(({ name, variant, directory }) => [name, variant, directory])).toEqual([
      ['base-java:21', '21', 'docker/java'],
      ['app:stable', 'stable', 'app'],
      ['tool', undefined, 'tool'],
    ]);
    expect(Object.keys(affected[2] ?? {})).not.toContain('variant');
  });

  test('the table and the graph', async () => {
    const { repository } = await platform();
    const args = ['--what-if', 'docker/java/conf/25/x'];
    await expect(
      (await cli(repository.dir, args)).stdout.replace(/[0-9a-f]{10}/g, '<commit>'),
    ).toMatchFileSnapshot('../golden/preview-variants.txt');
    const { stdout } = await cli(repository.dir, ['graph', ...args, '--format', 'dot']);
    expect(stdout).toContain('  "base-java:25" -> "app:next";\n');
  });

  test('explain takes a variant, and names them where it gets their image', async () => {
    const { repository } = await platform();
    const explain = (subject: string) =>
      cli(repository.dir, ['explain', subject, '--what-if', 'docker/java/conf/25/x']);
    expect((await explain('app:next')).stdout).toBe(
      'app:next is affected:\n  FROM base-java:25, which is affected\n    docker/java/conf/25/x modified (COPY conf/25, line 4)\n',
    );
    expect(await explain('base-java')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        '"base-java" has variants, each an image of its own; name one of base-java:21, base-java:25',
      ),
    });
    expect((await explain('docker/java')).stderr).toContain('the images base-java:21, base-java:25');
    expect((await explain('docker/java/conf/25/x')).stdout).toContain(
      '  base-java:25: COPY conf/25, line 4\n',
    );
  });

  test('explain takes the image of an only variant', async () => {
    const repository = await createRepository();
    await repository.commit({
      'a/Dockerfile': 'FROM scratch\n',
      'affected.yml': 'images: {a: {variants: {"1": {}}}}\nnames: {a: b}\n',
    });
    for (const subject of ['b', 'a'])
      expect((await cli(repository.dir, ['explain', subject, '--what-if', 'README'])).stdout).toMatch(
        /^b:1 is not affected/,
      );
  });

  test('check finds what no variant has, once for each line', async () => {
    const { repository } = await platform({
      'app/Dockerfile': 'FROM base-java:8\n',
      'other/Dockerfile': 'FROM quay.io/base-java:8\n',
      'affected.yml': `${config()}  other: {variants: {a: {}, b: {}}}\n`,
    });
    const { code, stdout } = await cli(repository.dir, ['check']);
    expect(code).toBe(1);
    expect(stdout.split('\n').filter(Boolean)).toEqual([
      'app/Dockerfile:1: "base-java:8" means one of base-java:21 (tags 21, latest), base-java:25 (tag 25), but none has the tag "8"; add it to one of them under "images" in affected.yml [unknown-variant]',
      'hint: other/Dockerfile:1: "quay.io/base-java:8" may mean the image "base-java"; if it does, set "registry" or add a rule under "references" in affected.yml',
    ]);
  });

  test('check has nothing to say about variants that are fine, of one of several Dockerfiles too', async () => {
    const { repository } = await platform({
      'tool/Dockerfile.small': 'FROM scratch\n',
      'affected.yml': `${config()}  tool/small: {variants: {a: {}}}\ndiscover: {dockerfiles: ["**/Dockerfile*"]}\n`,
    });
    expect((await cli(repository.dir, ['check'])).stdout).toBe('No findings.\n');
  });

  test('a Dockerfile that is broken is told once', async () => {
    const { repository, base } = await platform({ 'docker/java/Dockerfile': 'X\n' });
    const { code, stderr } = await cli(repository.dir, ['--base', base]);
    expect([code, stderr.match(/docker\/java\/Dockerfile:1/g)]).toEqual([2, ['docker/java/Dockerfile:1']]);
  });
});

describe('the pipeline', () => {
  test('builds and tests each variant, from the digest of the very variant it names', async () => {
    const { repository, empty } = await platform();
    const yaml = await generate(repository, { base: empty, env: mergeRequest });
    const withoutTemplate = yaml.replace(/# From ci-templates[\s\S]*?(?=\n\S+:build:)/, '…');
    await expect(withoutTemplate.replace(/\b[0-9a-f]{40}\b/g, '<commit>')).toMatchFileSnapshot(
      '../golden/child-pipeline-variants.yml',
    );
    const run = await runWithStandIn(yaml, repository);
    expect(run.jobs.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
      'app:next:build success',
      'app:next:scan success',
      'app:stable:build success',
      'app:stable:scan success',
      'base-java:21:build success',
      'base-java:21:scan success',
      'base-java:21:test success',
      'base-java:25:build success',
      'base-java:25:scan success',
      'base-java:25:test success',
      'tool:build success',
      'tool:scan success',
    ]);
    const java = builderCall(run, 'base-java:25:build').argv.map((argument) =>
      argument.replace(/=\/.*\//, '=…/'),
    );
    expect(java).toEqual([
      '--context=…/java',
      '--dockerfile=…/Dockerfile',
      '--target=slim',
      '--build-arg=DISTRIBUTION=13',
      '--build-arg=JAVA_VERSION=25',
      '--destination=registry.example.com/group/project/base-java:mr-7_25',
      '--destination=registry.example.com/group/project/base-java:mr-7-1a2b3c4d_25',
      '--digest-file=…/affected.digest',
      '--push-retry=3',
      '--image-download-retry=3',
    ]);
    expect(run.jobs.find(({ name }) => name === 'app:next:build')?.log).toMatch(
      /^app\/Dockerfile:2: base-java:\$\{JAVA\} -> registry\.example\.com\/group\/project\/base-java@sha256:[0-9a-f]{64}$/m,
    );
  });

  test.each<[Record<string, string>, string[]]>([
    [{ CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main' }, ['1a2b3c4d-21', '21', 'latest', 'main-21']],
    [
      { CI_COMMIT_BRANCH: 'x', CI_DEFAULT_BRANCH: 'main' },
      ['branch-a-branch_21', 'branch-a-branch-1a2b3c4d_21'],
    ],
    [{ CI_COMMIT_TAG: 'v1' }, ['v1-21']],
  ])('gives its tags by %j', async (env, expected) => {
    const { repository, empty } = await platform();
    const push = { GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'push', ...env };
    const yaml = await generate(repository, { base: empty, env: push, context: 'child' });
    const run = await runWithStandIn(yaml, repository);
    const publish = run.jobs.find(({ name }) => name === 'base-java:21:publish')?.executions.at(-1);
    const moved = Object.entries(publish?.env ?? {}).filter(([name]) => /^AFFECTED_\w*TAG_\d+$/.test(name));
    const pushed = builderCall(run, 'base-java:21:build').argv.flatMap(
      (argument) => /^--destination=.*:((?!candidate-).*)$/.exec(argument)?.[1] ?? [],
    );
    expect([...pushed, ...moved.map(([, tag]) => tag)].sort()).toEqual([...expected].sort());
  });

  test('an unaffected variant is taken by the tag the Dockerfile names', async () => {
    const { repository, base } = await platform({
      'app/Dockerfile': 'ARG JAVA=latest\nFROM base-java:${JAVA}\nRUN x\n',
    });
    const yaml = await generate(repository, { base, env: mergeRequest });
    const run = await runWithStandIn(yaml, repository);
    const logOf = (job: string) => run.jobs.find(({ name }) => name === job)?.log;
    const published = 'base-java:${JAVA} -> registry.example.com/group/project/base-java';
    expect(logOf('app:next:build')).toContain(`${published}:25\n`);
    expect(logOf('app:stable:build')).toContain(`${published}:latest\n`);
  });
});
