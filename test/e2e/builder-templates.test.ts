import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { hostile } from '../support/hostile.ts';
import { builderCall, generate, mergeRequest, predefined, runWithStandIn } from '../support/pipeline.ts';
import { createRepository } from '../support/repository.ts';
import { shellsHere } from '../support/shells.ts';

const digest = `sha256:${'a'.repeat(64)}`;
let programs: string;

/** Programs that leave behind what the real ones do. */
beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), 'builders-'));
  const metadata = `{\n  "containerimage.config.digest": "sha256:0",\n  "containerimage.digest": "${digest}",\n  "image.name": "x"\n}`;
  const stands = {
    buildctl: `for flag; do case $flag in --metadata-file=*) cat > "\${flag#*=}" <<'EOF'\n${metadata}\nEOF\n;; esac; done`,
    buildah: `for flag; do case $flag in --digestfile=*) printf %s ${digest} > "\${flag#*=}";; esac; done`,
  };
  for (const [name, script] of Object.entries(stands)) {
    await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(programs, name), 0o755);
  }
});
afterAll(() => rm(programs, { recursive: true, force: true }));

/** Builds what is committed, with stand-ins for the builders. */
async function build(
  files: Record<string, string>,
  template: string,
  { shell = ['sh'], variables = {} }: { shell?: readonly string[]; variables?: Record<string, string> } = {},
) {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  const config = `template: ${template}\nverify: {scan: false}\n${files['affected.yml'] ?? ''}`;
  await repository.commit({ ...files, 'affected.yml': config });
  const yaml = await generate(repository, { base, env: mergeRequest });
  return runWithStandIn(yaml, repository, {
    shell,
    predefined: { ...predefined, ...variables },
    executables: {
      '/kaniko/executor': { writesDigest: true },
      'buildctl-daemonless.sh': { program: join(programs, 'buildctl') },
      buildah: { program: join(programs, 'buildah') },
    },
    pathMap: { '/tmp/affected': null, '/kaniko': null },
  });
}

const chain = {
  'base/Dockerfile': 'FROM scratch AS one\nFROM one AS two\n',
  'app/Dockerfile': 'ARG V\nFROM base\n',
  'app/Dockerfile.dockerignore': '*.md\n',
  'affected.yml': 'images:\n  base: {target: two}\n  app: {context: ., args: {V: "1, 2"}}\n',
};
const registry = 'registry.example.com/group/project';
const handedOver = (image: string) => ({
  [`AFFECTED_IMAGE_${image.toUpperCase()}`]: `${registry}/${image}@${digest}`,
});
const labels = (image: string, { name = '', digest: ofBase = '' }: { name?: string; digest?: string }) => [
  `org.opencontainers.image.title=${image}`,
  'org.opencontainers.image.source=',
  'org.opencontainers.image.revision=',
  'org.opencontainers.image.created=',
  'org.opencontainers.image.version=',
  `org.opencontainers.image.base.name=${name}`,
  `org.opencontainers.image.base.digest=${ofBase}`,
];
const login = JSON.stringify({
  auths: { 'registry.example.com': { auth: btoa('gitlab-ci-token:not-a-secret') } },
});

describe.each(shellsHere().map((shell) => [shell]))('in %s', (shell) => {
  test('BuildKit builds from what the pipeline built, and hands on what it pushed', async () => {
    const run = await build(chain, '.buildkit-build', { shell });
    const project = /--local=context=(.*)\/base$/m.exec(builderCall(run, 'base:build').argv.join('\n'))?.[1];
    const pushed = (image: string) =>
      `--output=type=image,"name=${registry}/${image}:mr-7,${registry}/${image}:mr-7-1a2b3c4d",push=true`;
    expect(builderCall(run, 'base:build').argv).toEqual([
      'build',
      '--frontend=dockerfile.v0',
      `--local=context=${project}/base`,
      `--local=dockerfile=${project}/base`,
      '--opt=filename=Dockerfile',
      '--opt=target=two',
      pushed('base'),
      '--metadata-file=/tmp/affected/affected.metadata',
    ]);
    const call = builderCall(run, 'app:build');
    expect(call.labels).toEqual(labels('app', { name: `${registry}/base`, digest }));
    expect(call.argv.slice(2)).toEqual([
      expect.stringMatching(/^--local=context=.*\/\.$/),
      '--local=dockerfile=/tmp/affected',
      '--opt=filename=affected.Dockerfile.1',
      '--opt=build-arg:V=1, 2',
      pushed('app'),
      '--metadata-file=/tmp/affected/affected.metadata',
    ]);
    expect(JSON.parse(call.dockerConfig ?? '')).toEqual(JSON.parse(login));
    expect(run.jobs.map(({ dotenv }) => dotenv)).toEqual([handedOver('base'), handedOver('app')]);
    expect(run.jobs[1]?.log).toContain(`app/Dockerfile:2: base -> ${registry}/base@${digest}\n`);
  });

  test('Buildah builds from what the pipeline built, and hands on what it pushed', async () => {
    const run = await build(chain, '.buildah-build', { shell });
    const [base, app] = run.jobs.map(({ executions }) => executions.map(({ argv }) => argv));
    const push = (image: string, tag: string) => [
      'push',
      '--digestfile=/tmp/affected/affected.digest',
      'localhost/affected',
      `docker://${registry}/${image}:${tag}`,
    ];
    expect(base?.[0]).toEqual([
      'build',
      expect.stringMatching(/^--file=.*\/base\/Dockerfile$/),
      '--tag=localhost/affected',
      '--target=two',
      ...labels('base', {}).map((label) => `--label=${label}`),
      expect.stringMatching(/\/base$/),
    ]);
    expect(base?.slice(1)).toEqual([push('base', 'mr-7'), push('base', 'mr-7-1a2b3c4d')]);
    expect(app?.[0]).toEqual([
      'build',
      '--file=/tmp/affected/affected.Dockerfile.1',
      '--tag=localhost/affected',
      '--ignorefile=/tmp/affected/affected.Dockerfile.1.dockerignore',
      '--build-arg=V=1, 2',
      ...labels('app', { name: `${registry}/base`, digest }).map((label) => `--label=${label}`),
      expect.stringMatching(/\/\.$/),
    ]);
    const [call] = run.jobs[1]?.executions ?? [];
    expect(call?.env).toMatchObject({
      REGISTRY_AUTH_FILE: '/tmp/affected/.docker/config.json',
      BUILDAH_FORMAT: 'docker',
      BUILDAH_ISOLATION: 'chroot',
      STORAGE_DRIVER: 'vfs',
    });
    expect(JSON.parse(call?.dockerConfig ?? '')).toEqual(JSON.parse(login));
    expect(run.jobs.map(({ dotenv }) => dotenv)).toEqual([handedOver('base'), handedOver('app')]);
  });
});

test.each(['.buildkit-build', '.buildah-build'])('with %s, build args are data', async (template) => {
  const args = hostile.map((value, index) => `A${index}: ${JSON.stringify(value)}`).join('\n      ');
  const config = `images:\n  app:\n    args:\n      ${args}\n`;
  const run = await build({ 'app/Dockerfile': 'FROM scratch\n', 'affected.yml': config }, template);
  const [call] = run.jobs[0]?.executions ?? [];
  const passed = call?.argv.flatMap(
    (argument) => /^--(?:build-arg=|opt=build-arg:)(.*)$/s.exec(argument)?.[1] ?? [],
  );
  expect(passed).toEqual(hostile.map((value, index) => `A${index}=${value}`));
  expect(run.jobs[0]?.log).not.toContain('not-a-secret');
});

test.each([
  ['.buildkit-build', 'true', 'protected:a', 'mode=max'],
  ['.buildkit-build', 'false', 'unprotected:a', 'mode=max'],
  ['.buildah-build', 'true', 'protected', '--cache-ttl=24h'],
  ['.buildah-build', '', 'unprotected', '--cache-ttl=24h'],
])('%s with a protected ref "%s" has the cache %s', async (template, isProtected, cache, also) => {
  const config = 'runner: {variables: {AFFECTED_CACHE: r/cache, AFFECTED_CACHE_TTL: 24h}}\n';
  const files = { 'a/Dockerfile': 'FROM scratch\n', 'affected.yml': config };
  const run = await build(files, template, { variables: { CI_COMMIT_REF_PROTECTED: isProtected } });
  const flags = run.jobs[0]?.executions[0]?.argv.filter((argument) => argument.includes('cache')) ?? [];
  expect(
    flags.filter((flag) => flag.includes('r/cache')).map((flag) => /r\/cache\/([\w:]+)/.exec(flag)?.[1]),
  ).toEqual([cache, cache]);
  expect(flags.join(' ')).toContain(also);
});

const network = `runner:
  proxy: {http: "http://u:$PROXY_PASSWORD@proxy:1", https: "http://proxy:2", no: [localhost, .example.com]}
  certificates: $OWN_CA
  mirrors: {docker.io: [mirror.example.com/hub, "other.example.com:5000"], quay.io: [mirror.example.com/quay]}
images: {a: {args: {HTTPS_PROXY: own}}}
`;
const proxies = {
  HTTP_PROXY: 'http://u:p;`id`"w@proxy:1',
  http_proxy: 'http://u:p;`id`"w@proxy:1',
  HTTPS_PROXY: 'http://proxy:2',
  https_proxy: 'http://proxy:2',
  NO_PROXY: 'localhost,.example.com',
  no_proxy: 'localhost,.example.com',
};
const certificates = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----';

describe.each([[['sh']], [['busybox', 'sh']], [['bash']]])(
  'by its own way to other hosts, in %s',
  (shell) => {
    /** What a builder is called with, and what the job shows of files that it writes. */
    async function call(template: string, shown: string) {
      const home = await mkdtemp(join(tmpdir(), 'home-'));
      onTestFinished(() => rm(home, { recursive: true, force: true }));
      const after = `build: {after_script: ["cat ${shown}"]}\n`;
      const files = { 'a/Dockerfile': 'FROM scratch\n', 'a/.gitlab-ci.yml': after, 'affected.yml': network };
      const variables = { PROXY_PASSWORD: 'p;`id`"w', OWN_CA: certificates, HOME: home };
      const run = await build(files, template, { shell, variables });
      const [job] = run.jobs;
      const [first] = job?.executions ?? [];
      if (!job || !first) throw new Error(job?.log);
      expect(first.env).toMatchObject(proxies);
      expect(first.env['SSL_CERT_DIR']).toMatch(/^\/.*:\/(?:kaniko|tmp\/affected)\/certificates$/);
      expect(job.log).toContain(`${certificates}\n`);
      expect(job.log).not.toContain('p;`id`');
      const args = first.argv.flatMap((flag) => /(?:build-arg[=:])(.*)/s.exec(flag)?.[1] ?? []);
      return { argv: first.argv, env: first.env, args, log: job.log };
    }
    const pairs = Object.entries(proxies).map(([name, value]) => `${name}=${value}`);

    test('Kaniko builds', async () => {
      const { argv, args } = await call('.kaniko-build', '/kaniko/certificates/*');
      expect(args).toEqual([...pairs, 'HTTPS_PROXY=own']);
      expect(argv.filter((flag) => flag.startsWith('--registry-'))).toEqual([
        '--registry-mirror=mirror.example.com/hub',
        '--registry-mirror=other.example.com:5000',
        '--registry-map=quay.io=mirror.example.com/quay',
      ]);
    });

    test('BuildKit builds', async () => {
      const { args, env, log } = await call(
        '.buildkit-build',
        '/tmp/affected/certificates/* /tmp/affected/*.toml',
      );
      expect(args).toEqual([...pairs, 'HTTPS_PROXY=own']);
      expect(env['BUILDKITD_FLAGS']).toMatch(/ --config=\/tmp\/affected\/buildkitd\.toml$/);
      expect(log).toContain(
        '[registry."docker.io"]\nmirrors = ["mirror.example.com/hub", "other.example.com:5000", ]\n',
      );
      expect(log).toContain('[registry."quay.io"]\nmirrors = ["mirror.example.com/quay", ]\n');
    });

    test('Buildah builds', async () => {
      const file = '$HOME/.config/containers/registries.conf.d/affected.conf';
      const { args, log } = await call('.buildah-build', `/tmp/affected/certificates/* ${file}`);
      // It hands its own proxies on.
      expect(args).toEqual(['HTTPS_PROXY=own']);
      expect(log).toContain(
        '[[registry]]\nlocation = "docker.io"\n[[registry.mirror]]\nlocation = "mirror.example.com/hub"\n[[registry.mirror]]\nlocation = "other.example.com:5000"\n',
      );
    });
  },
);

test.each([
  ['mirrors: {docker.io: [$MIRROR]}', { MIRROR: 'a b' }, 'AFFECTED_MIRROR_1 is no <registry>=<mirror>.'],
  ['mirrors: {docker.io: [a, $MIRROR]}', { MIRROR: '' }, 'AFFECTED_MIRROR_2 is no <registry>=<mirror>.'],
  ['mirrors: {docker.io: [$MIRROR]}', { MIRROR: 'a=b' }, 'AFFECTED_MIRROR_1 is no <registry>=<mirror>.'],
  ['certificates: $CA', {}, '$CA, named by "certificates" in affected.yml, holds no certificates in PEM.'],
  ['certificates: a/Dockerfile', {}, 'a/Dockerfile, named by "certificates"'],
])('nothing is built with %s of %j', async (runner, variables, told) => {
  const files = { 'a/Dockerfile': 'FROM scratch\n', 'affected.yml': `runner: {${runner}}\n` };
  const [job] = (await build(files, '.kaniko-build', { variables })).jobs;
  expect([job?.status, job?.executions]).toEqual(['failed', []]);
  expect(job?.log).toContain(told);
});

test.each([
  ['.kaniko-build-google', 'gcr.io/kaniko-project/executor:v1.24.0-debug'],
  ['.kaniko-build-chainguard', '$KANIKO_CHAINGUARD_IMAGE'],
])('%s is Kaniko with another image, told to leave unused stages out', async (template, image) => {
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  const own = 'build: {variables: {AFFECTED_FLAG_1: "--verbosity=a b"}}\n';
  await repository.commit({
    'a/Dockerfile': 'FROM scratch\n',
    'a/.gitlab-ci.yml': own,
    'affected.yml': `template: ${template}\n`,
  });
  const yaml = await generate(repository, { base, env: mergeRequest });
  expect(yaml).toContain(image);
  const { argv } = builderCall(await runWithStandIn(yaml, repository), 'a:build');
  expect(argv.slice(4, 6)).toEqual(['--skip-unused-stages', '--verbosity=a b']);
});
