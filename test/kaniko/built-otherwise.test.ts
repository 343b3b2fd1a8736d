import { expect, test } from 'vitest';
import type { Construct } from '../../src/dockerfile/builders/differences.ts';
import { cli } from '../support/cli.ts';
import { createRepository } from '../support/repository.ts';
import { listLayers, readImageFile } from './image-files.ts';
import { repositoryOf, runChildPipeline, startPlatform } from './platform.ts';
import { withKaniko } from './with-kaniko.ts';

const heredoc = (body: string, word = '<<EOF') =>
  `RUN ${word}\n${body}\nEOF\nRUN cat /out || echo none > /out\n`;
const setsVariable = 'x=1\necho "$x" > /out';

/** By construct: a Dockerfile in which it stands, and what Kaniko makes of it, as /out tells. */
const LEFT_OUT: Partial<Record<Construct, readonly [lines: string, out: string]>> = {
  'run-mount-from': [
    'RUN --mount=type=bind,from=other,target=/m ls /m > /out || echo none > /out\n',
    'none\n',
  ],
  'run-mount-secret': [
    'RUN --mount=type=secret,id=s cat /run/secrets/s > /out || echo none > /out\n',
    'none\n',
  ],
  'run-mount-ssh': ['RUN --mount=type=ssh echo "ssh$SSH_AUTH_SOCK" > /out\n', 'ssh\n'],
  'run-mount-tmpfs': [
    'RUN --mount=type=tmpfs,target=/t mkdir -p /t && echo left > /t/x\nRUN cat /t/x > /out\n',
    'left\n',
  ],
  'run-network': ['RUN --network=none echo run > /out\n', 'run\n'],
  'run-heredoc-unrun': [heredoc('echo run > /out', '<<"EOF"'), 'none\n'],
  'run-heredoc-expanded': [heredoc(setsVariable), '\n'],
  'run-heredoc-program': [heredoc('#!/bin/cat\necho run > /out'), 'run\n'],
  'run-heredoc-shell': [
    `SHELL ["/bin/sh", "-e", "-c"]\n${heredoc('cat /none\necho went on > /out')}`,
    'went on\n',
  ],
  'copy-parents': ['COPY --parents src/a /dst/\nRUN ls /dst > /out\n', 'a\n'],
  'copy-exclude': ['COPY --exclude=*.md src/ /dst/\nRUN ls /dst > /out\n', 'a\nb.md\n'],
  'from-platform': ['FROM --platform=linux/s390x $BASE\nRUN echo run > /out\n', 'run\n'],
};

/** Where nothing is to be told: what the table says of Kaniko is not more than is so. */
const BUILT: Record<string, readonly [lines: string, out: string]> = {
  'bind of the build context': ['RUN --mount=type=bind,source=src,target=/m ls /m > /out\n', 'a\nb.md\n'],
  'script of its own shell': [heredoc(setsVariable, 'sh <<"EOF"'), '1\n'],
  'script that sets nothing': [heredoc('echo "$V" > /out'), '\n'],
  'variable in a file': ['ARG V=1\nCOPY <<EOF /out\nv $V\nEOF\n', 'v 1\n'],
  'ARG after an ENV': ['ENV A=1\nARG A=2\nRUN echo $A > /out\n', '2\n'],
  'platform argument in a stage': ['ARG TARGETOS\nRUN echo $TARGETOS > /out\n', 'linux\n'],
  'owner where USER is another': [
    'COPY etc/ /etc/\nUSER 1000:2000\nCOPY src/a /a\nUSER 0\nRUN ls -ln /a > /out\n',
    '0 0 /a\n',
  ],
};

withKaniko('what is told of Kaniko', (tools) => {
  test('is so', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    const cases = [...Object.entries(LEFT_OUT), ...Object.entries(BUILT)];
    const names = cases.map(([name]) => name.toLowerCase().replaceAll(' ', '-'));
    const files: Record<string, string> = { 'affected.yml': `args: {BASE: "${platform.busybox}"}\n` };
    for (const [index, [, [lines]]] of cases.entries()) {
      const from = lines.startsWith('FROM') ? '' : 'FROM $BASE\n';
      const name = names[index] as string;
      files[`${name}/Dockerfile`] = `ARG BASE\nFROM $BASE AS other\n${from}${lines}`;
      files[`${name}/src/a`] = 'a';
      files[`${name}/src/b.md`] = 'b';
      files[`${name}/etc/group`] = 'root:x:0:\nmine:x:2000:\n';
      files[`${name}/etc/passwd`] = 'root:x:0:0::/:/bin/sh\nme:x:1000:3000::/tmp:/bin/sh\n';
    }
    await repository.commit(files);
    const { stdout } = await cli(repository.dir, ['check', '--json']);
    const { findings, hints } = JSON.parse(stdout) as { findings: { message: string }[]; hints: string[] };
    const told = [...findings.map(({ message }) => message), ...hints];
    expect(new Set(told.map((message) => message.split('/')[0]))).toEqual(new Set(Object.keys(LEFT_OUT)));
    const run = await runChildPipeline(platform, repository, { base });
    const out: Record<string, string | undefined> = {};
    for (const [index, [name]] of cases.entries()) {
      const image = { repository: repositoryOf(names[index] as string), reference: 'mr-7' };
      const job = run.jobs.find((each) => each.name === `${names[index]}:build`);
      const text = await readImageFile(platform.registry, { ...image, path: 'out' }).catch(() => job?.log);
      out[name] = text?.replace(/^\S+ +\d+ (\d+) +(\d+) .* (\/\S+)$/gm, '$1 $2 $3');
    }
    expect(out).toEqual(Object.fromEntries(cases.map(([name, [, text]]) => [name, text])));
  });

  test('files that a directory’s copy puts below a volume are left out', async () => {
    const platform = await startPlatform(tools);
    const repository = await createRepository();
    const base = await repository.commit({ README: '' });
    const lines = 'VOLUME /v\nCOPY src /v\nCOPY src/a /v/one\n';
    await repository.commit({ 'app/Dockerfile': `FROM ${platform.busybox}\n${lines}`, 'app/src/a': 'a' });
    await runChildPipeline(platform, repository, { base });
    const layers = await listLayers(platform.registry, {
      repository: repositoryOf('app'),
      reference: 'mr-7',
    });
    expect(
      layers
        .slice(1)
        .flat()
        .filter((path) => !path.endsWith('/')),
    ).toEqual(['v/one']);
  });
});
