import { expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { createRepository, type Files } from '../support/repository.ts';

/** The findings and hints of `affected check`, and its exit code. */
async function check(files: Files): Promise<{ code: number; findings: unknown[]; hints: string[] }> {
  const repository = await createRepository();
  await repository.commit(files);
  const { code, stdout } = await cli(repository.dir, ['check', '--json']);
  const { findings, hints } = JSON.parse(stdout) as { findings: unknown[]; hints: string[] };
  return { code, findings, hints };
}

const finding = (message: string) => ({ code: 'builder', message });
const excluding = { 'app/Dockerfile': 'FROM scratch\nCOPY --exclude=*.md . /\n' };
const byKaniko = finding(
  'app/Dockerfile:2:6: COPY --exclude=*.md: Kaniko copies what is excluded, too; exclude it in the .dockerignore',
);

test('what the builder leaves out is a finding, with its place', async () => {
  expect(await check(excluding)).toEqual({ code: 1, findings: [byKaniko], hints: [] });
});

test('the image’s own builder counts, wherever that is set', async () => {
  const other = '.other: {image: moby/buildkit, script: [build]}\n';
  const buildkit = { 'ci-templates/other.yml': other };
  const config = { 'affected.yml': 'images: {app: {template: .other}}\n' };
  expect(await check({ ...excluding, ...buildkit, ...config })).toMatchObject({ code: 0 });
  const own = { 'app/.gitlab-ci.yml': 'build: {extends: .other}\n' };
  expect(await check({ ...excluding, ...buildkit, ...own })).toMatchObject({ code: 0 });
  // Of two images of one Dockerfile, each has its say.
  const variants =
    'images: {app: {variants: {a: {}, b: {}}}}\nnames: {app: same}\ndiscover: {exclude: [never/**]}\n';
  expect(await check({ ...excluding, 'affected.yml': variants })).toMatchObject({ findings: [byKaniko] });
});

test('what hardly matters is a hint, and one of the job’s variables can settle it', async () => {
  const files = { 'app/Dockerfile': 'FROM scratch\nMAINTAINER me\nUSER me\nCOPY . /\n' };
  const hints = [
    'app/Dockerfile:2:1: MAINTAINER: Kaniko leaves the author out; write a LABEL',
    "app/Dockerfile:4:1: COPY after USER me: Kaniko gives the files to that user, where the rule is root; set FF_KANIKO_COPY_AS_ROOT: 'true' in the job, or say with --chown whose they are",
  ];
  const without = { 'app/.gitlab-ci.yml': 'build: {variables: {FF_KANIKO_COPY_AS_ROOT: "false"}}\n' };
  expect(await check({ ...files, ...without })).toEqual({ code: 0, findings: [], hints });
  const set = { 'app/.gitlab-ci.yml': 'build: {variables: {FF_KANIKO_COPY_AS_ROOT: "true"}}\n' };
  expect(await check({ ...files, ...set })).toEqual({ code: 0, findings: [], hints: hints.slice(0, 1) });
});

test.each<[string, string, string[]]>([
  ['all in turn', '{AFFECTED_FLAG_1: --a, AFFECTED_FLAG_2: --b, AFFECTED_FLAG_3: ""}', []],
  ['without the first', '{AFFECTED_FLAG_2: --b}', ['2, as AFFECTED_FLAG_1']],
  [
    'behind an empty one',
    '{AFFECTED_FLAG_1: --a, AFFECTED_FLAG_2: "", AFFECTED_FLAG_10: --b}',
    ['10, as AFFECTED_FLAG_2'],
  ],
])('flags that no job reads: %s', async (_, variables, told) => {
  const files = { 'app/Dockerfile': 'FROM scratch\n', 'affected.yml': `runner: {variables: ${variables}}\n` };
  expect((await check(files)).findings).toEqual(
    told.map((which) =>
      finding(
        `"app": its job does not read AFFECTED_FLAG_${which} is not set; number the flags from 1 on, those of the job it extends included`,
      ),
    ),
  );
  const template = { 'affected.yml': `template: .kaniko-build-google\nrunner: {variables: ${variables}}\n` };
  expect((await check({ ...files, ...template })).findings).toHaveLength(told.length);
});

test.each([
  ['in affected.yml', { 'affected.yml': 'runner: {variables: {AFFECTED_BUILDER: kanico}}\n' }],
  ['of an own job', { 'app/.gitlab-ci.yml': 'build: {variables: {AFFECTED_BUILDER: kanico}}\n' }],
])('a builder’s name %s that nobody knows', async (_, files) => {
  const message =
    '"app": AFFECTED_BUILDER is "kanico", which is no builder; write kaniko, kaniko-chainguard, kaniko-google, buildkit, or buildah';
  expect((await check({ ...excluding, ...files })).findings).toEqual([finding(message)]);
});

test('an empty name of a builder leaves the image to tell', async () => {
  const files = { ...excluding, 'affected.yml': 'runner: {variables: {AFFECTED_BUILDER: ""}}\n' };
  expect((await check(files)).findings).toEqual([byKaniko]);
});

test('the way to other hosts, which a job of somebody’s own does not look at', async () => {
  const own = (script: string) => ({
    'ci-templates/own.yml': `.own: {image: docker, script: [${script}]}\n`,
  });
  const settings = (runner: string) => ({ 'affected.yml': `template: .own\nrunner: {${runner}}\n` });
  const files = { 'app/Dockerfile': 'FROM scratch\n', ca: 'x' };
  const unread = (name: string) =>
    finding(
      `"app": its job does not read ${name}, which "runner" in affected.yml sets; add to its script what .kaniko-build has for it`,
    );
  const findingsOf = async (runner: string, script = 'build') =>
    (await check({ ...files, ...own(script), ...settings(runner) })).findings;
  expect(await findingsOf('proxy: {https: "http://p:1"}')).toEqual([unread('AFFECTED_HTTPS_PROXY')]);
  expect(await findingsOf('certificates: ca')).toEqual([unread('AFFECTED_CERTIFICATES')]);
  expect(await findingsOf('mirrors: {docker.io: [m]}')).toEqual([unread('AFFECTED_MIRROR_1')]);
  expect(await findingsOf('mirrors: {docker.io: []}, proxy: {http: ""}')).toEqual([]);
  expect(await findingsOf('mirrors: {docker.io: [m]}', 'build $AFFECTED_MIRROR_1')).toEqual([]);
  const packaged = '!reference [.affected-network, script]';
  expect(await findingsOf('mirrors: {docker.io: [m]}, certificates: ca', packaged)).toEqual([]);
});

test('certificates that are not here', async () => {
  const files = { 'app/Dockerfile': 'FROM scratch\n', 'b/Dockerfile': 'FROM scratch\n' };
  const config = (name: string) => ({ 'affected.yml': `runner: {certificates: ${name}}\n` });
  expect((await check({ ...files, ...config('etc/ca.pem') })).findings).toEqual([
    finding(
      'affected.yml: certificates: etc/ca.pem is no file of this repository; correct the path, or name a variable such as $CI_SERVER_TLS_CA_FILE',
    ),
  ]);
  expect(await check({ ...files, ...config('etc/ca.pem'), 'etc/ca.pem': '' })).toMatchObject({ code: 0 });
  expect(await check({ ...files, ...config('$CA') })).toMatchObject({ code: 0 });
});

test('what a base image of the repository defers is its dependents’ finding', async () => {
  const { findings } = await check({
    'base/Dockerfile': 'FROM scratch\nONBUILD RUN --mount=type=ssh true\n',
    'app/Dockerfile': '\nFROM base\n',
  });
  expect(findings).toEqual([
    finding(
      'app/Dockerfile:2:6: RUN --mount=type=ssh (by an ONBUILD of base): Kaniko runs the command without the agent; fetch over HTTPS, or build the image with another builder',
    ),
  ]);
});

test('a stage that is not built is not looked at, one that a target names is', async () => {
  const files = { 'app/Dockerfile': 'FROM scratch AS a\nCOPY --exclude=x . /\nFROM scratch\n' };
  expect(await check(files)).toMatchObject({ code: 0 });
  expect(await check({ ...files, 'affected.yml': 'images: {app: {target: a}}\n' })).toMatchObject({
    code: 1,
  });
});

test('what Docker ignores and Kaniko copies', async () => {
  const files = {
    'app/Dockerfile': 'FROM scratch\nCOPY src /src\n',
    'app/.dockerignore': '*.md\n**/cache\n',
    'app/src/a/cache/b': '',
    'app/other/a/cache/b': '',
  };
  expect((await check(files)).findings).toEqual([
    finding(
      'app/.dockerignore:2: **/cache: Kaniko copies app/src/a/cache/b into "app" all the same; add the line **/cache/**',
    ),
  ]);
  const mended = { ...files, 'app/.dockerignore': '*.md\n**/cache\n**/cache/**\n' };
  expect(await check(mended)).toMatchObject({ code: 0 });
  expect(await check({ ...files, 'app/Dockerfile': 'FROM scratch\nCOPY other/x /\n' })).toMatchObject({
    code: 0,
  });
});

test('Docker’s ignore rules do not go with Kaniko', async () => {
  const files = { 'app/Dockerfile': 'FROM scratch\n', 'base/Dockerfile': 'FROM scratch\n' };
  const { code, findings } = await check({ ...files, 'affected.yml': 'dockerignore: docker\n' });
  expect([code, findings]).toEqual([
    1,
    [
      finding(
        'affected.yml: dockerignore: Kaniko, which builds images here, ignores fewer files than Docker does, so that changes would be missed; write kaniko, or union',
      ),
    ],
  ]);
  expect(await check({ ...files, 'affected.yml': 'dockerignore: union\n' })).toMatchObject({ code: 0 });
});

test('a builder of somebody’s own is not judged', async () => {
  const own = '.kaniko-build: {image: $KANIKO, script: [build]}\n';
  expect(await check({ ...excluding, 'ci-templates/kaniko.yml': own })).toMatchObject({ code: 0 });
});
