import { describe, expect, test } from 'vitest';
import { constructsIn } from '../../../src/dockerfile/builders/constructs.ts';
import { type Construct, DIFFERENCES } from '../../../src/dockerfile/builders/differences.ts';
import type { Inherited } from '../../../src/dockerfile/evaluate.ts';
import { parseDockerfile } from '../../../src/dockerfile/parse.ts';
import { planStages } from '../../../src/dockerfile/plan.ts';

interface Settings {
  args?: Record<string, string>;
  target?: string;
  inherit?: () => Inherited;
}

/** `<construct> <line>:<column>` for each that is found. */
function found(text: string, { args = {}, target, inherit }: Settings = {}): string[] {
  const dockerfile = parseDockerfile(text);
  const plan = planStages({ dockerfile, args, target, inherit });
  return constructsIn({ dockerfile, text, plan, args, target }).map(
    ({ construct, line, column }) => `${construct} ${line}:${column}`,
  );
}

const script = (body: string, word = '<<EOF') => `RUN ${word}\n${body}\nEOF\n`;

/** What stands behind `FROM x`, on line 2 if nothing else is said, and where what is found. */
const SHOWN: readonly (readonly [lines: string, ...found: string[]])[] = [
  ['RUN --mount=type=bind,from=a,target=/m true', 'run-mount-from 2:5'],
  ['RUN --mount=from=a,target=/m true', 'run-mount-from 2:5'],
  ['RUN --mount=type=bind,from=context,target=/m true', 'run-mount-bind 2:5'],
  ['RUN --mount=target=/m --mount=type=cache,target=/c true', 'run-mount-bind 2:5', 'run-mount-cache 2:23'],
  ['RUN \\\n  --mount=type=cache,from=a,target=/c true', 'run-mount-cache 3:3'],
  ['RUN --mount=type=secret,id=a true', 'run-mount-secret 2:5'],
  ['RUN --mount=type=ssh true', 'run-mount-ssh 2:5'],
  ['RUN --mount=type=TMPFS,target=/t true', 'run-mount-tmpfs 2:5'],
  ['RUN --network=none true', 'run-network 2:5'],
  ['RUN --network=default true'],
  ['RUN --security=insecure true', 'run-security 2:5'],
  ['RUN --device=a true', 'run-device 2:5'],
  ['COPY --parents a b/', 'copy-parents 2:1'],
  ['COPY --parents=true a b/', 'copy-parents 2:6'],
  ['COPY --parents=false a b/'],
  ['COPY --link --exclude=*.md --exclude=x a b/', 'copy-exclude 2:13', 'copy-exclude 2:28'],
  ['ADD --checksum=sha256:0 https://a/b /', 'add-checksum 2:5'],
  ['ADD --keep-git-dir=true git@a:b /', 'add-git 2:1', 'add-keep-git-dir 2:5'],
  ['ADD https://a/b.git#v1 https://a/b.tar /', 'add-git 2:1'],
  ['ADD git://a/b /', 'add-git 2:1'],
  ['ADD --unpack=true a.tar /', 'add-unpack 2:5'],
  ['ADD --unpack=false a.tar /', 'add-unpack 2:5', 'add-unpack-otherwise 2:5'],
  ['ADD --unpack=true https://a/b.tar /', 'add-unpack 2:5', 'add-unpack-otherwise 2:5'],
  ['ADD --unpack=false https://a/b.tar /', 'add-unpack 2:5'],
  ['COPY --chmod=u+x a b', 'chmod-symbolic 2:6'],
  ['COPY --chmod=0755 --chown=a a b'],
  ['COPY --chmod=$MODE a b'],
  ['COPY <<EOF /a\nx $Y\nEOF', 'copy-heredoc 2:1', 'copy-heredoc-expanded 2:1'],
  ['COPY <<EOF /a\nx\nEOF', 'copy-heredoc 2:1'],
  ['COPY <<"EOF" /a\nx $Y\nEOF', 'copy-heredoc 2:1'],
  ['USER a\nCOPY a b\nADD a b', 'copy-as-user 3:1', 'copy-as-user 4:1'],
  ['USER a\nCOPY --chown=a a b\nCOPY --from=y a b'],
  ['USER 0:5\nCOPY a b'],
  ['USER a:b\nRUN true', 'run-as-group 3:1'],
  ['USER a\nRUN true'],
  ['VOLUME /d /e/\nCOPY a /e/x\nRUN cat x > /d/y', 'volume-written 3:1', 'volume-written 4:1'],
  ['VOLUME ["/d"]\nCOPY a /d', 'volume-written 3:1'],
  ['VOLUME /d\nCOPY a /dd\nCOPY a d\nRUN cat /dd /a/d'],
  ['COPY a /d\nRUN ls /d\nVOLUME ["/d"]'],
  ['MAINTAINER me', 'maintainer 2:1'],
  ['EXPOSE 80 90-92 53/udp', 'expose-range 2:1'],
  ['EXPOSE 80/sctp $P/$Q', 'expose-protocol 2:1'],
  ['HEALTHCHECK --start-interval=1s CMD true', 'docker-format 2:1', 'healthcheck-start-interval 2:1'],
  ['SHELL ["/bin/sh"]\nONBUILD RUN --network=none true', 'docker-format 2:1', 'docker-format 3:1'],
  ['ENV A=1\nARG A=2', 'arg-after-env 3:1'],
  ['ENV A="1" B=2\nARG A=1\nARG A="1"\nARG B\nARG C=3'],
];

describe('what builders differ over', () => {
  test.each(SHOWN)('%s', (lines, ...expected) => {
    expect(found(`FROM x\n${lines}\n`)).toEqual(expected);
  });

  test.each<[string, string[], Settings?]>([
    ['FROM --platform=linux/arm64 x\n', ['from-platform 1:6']],
    ['FROM --platform=linux/x86_64 x\n', []],
    ['FROM --platform=$BUILDPLATFORM x\n', []],
    ['ARG P=linux/s390x\nFROM --platform=$P x\n', ['from-platform 2:6']],
    ['FROM --platform=$P x\n', []],
    ['FROM x AS a\nFROM --platform=linux/arm64 a\n', []],
    ['FROM --platform=linux/arm64 scratch\n', []],
    ['FROM x:$TARGETARCH\n', ['from-platform-argument 1:6']],
    ['ARG TARGETARCH\nARG X=x-${TARGETARCH}\nFROM $X\n', ['from-platform-argument 3:6']],
    ['ARG TARGETARCH=amd64\nFROM x:$TARGETARCH\n', []],
    ['ARG TARGETARCH\nFROM x:$TARGETARCH\n', [], { args: { TARGETARCH: 'amd64' } }],
    ['ARG X=a-$TARGETARCH\nFROM $X\n', [], { args: { X: 'a' } }],
    ['ARG T=1\nFROM x:v$T\n', ['from-empty-argument 2:6'], { args: { T: '' } }],
    ['ARG T\nFROM x:v$T\n', [], { args: { T: '' } }],
    ['FROM x\nFROM y\n', ['target-number 1:6'], { target: '0' }],
    ['FROM x AS a\n', [], { target: 'a' }],
    ['ARG A=2\nFROM x\nENV A=1\nARG A\n', ['arg-after-env 4:1']],
    ['# syntax=docker/dockerfile:1-labs\nFROM x\n', []],
    ['# syntax = docker.io/docker/dockerfile-upstream@sha256:0\nFROM x\n', []],
    ['# escape=\\\n# syntax=who/ever:1\nFROM x\n', ['syntax 2:1']],
    ['FROM x\n# syntax=who/ever:1\n', []],
  ])('%j', (text, expected, settings = {}) => {
    expect(found(text, settings)).toEqual(expected);
  });

  const bare = 'run-heredoc 2:1';
  test.each<[string, string, string[]]>([
    ['sets nothing it uses', script('echo $HOME ${PATH%x} ${x:-y}'), [bare]],
    ['sets a variable', script('x=1\necho "$x"'), [bare, 'run-heredoc-expanded 2:1']],
    ['appends to one', script('PATH+=:/x\necho $PATH'), [bare, 'run-heredoc-expanded 2:1']],
    ['gives one a default', script('echo ${x:=1} $x'), [bare, 'run-heredoc-expanded 2:1']],
    ['goes through a list', script('for i in a b; do echo $i; done'), [bare, 'run-heredoc-expanded 2:1']],
    ['reads one', script('read line < f\necho ${line}'), [bare, 'run-heredoc-expanded 2:1']],
    ['takes its environment from a file', script('. ./env\necho $X'), [bare, 'run-heredoc-expanded 2:1']],
    ['asks where it is', script('cd /x && echo $PWD'), [bare, 'run-heredoc-expanded 2:1']],
    ['runs a command in a word', script('echo $(date)'), [bare, 'run-heredoc-expanded 2:1']],
    ['the same as in old times', script('echo `date`'), [bare, 'run-heredoc-expanded 2:1']],
    ['looks at a status', script('false\necho $?'), [bare, 'run-heredoc-expanded 2:1']],
    ['protects a dollar', script("echo '\\$x'"), [bare, 'run-heredoc-expanded 2:1']],
    ['sets another', script('xx=1\necho $x --x=1'), [bare]],
    ['is quoted', script('true', '<<"EOF"'), [bare, 'run-heredoc-unrun 2:1']],
    ['is indented', script('true', '<<-EOF'), [bare, 'run-heredoc-unrun 2:1']],
    ['has a number', script('true', '3<<EOF'), [bare, 'run-heredoc-unrun 2:1']],
    ['has a program', script('#!/usr/bin/env python3\nprint()'), [bare, 'run-heredoc-program 2:1']],
    ['has sh for its program', script('#!/bin/sh\ntrue'), [bare]],
    ['belongs to a command', script('x=1\necho $x', 'sh <<"EOF"'), [bare]],
    ['belongs to one behind it', script('x=1\necho $x', '<<EOF sh'), [bare]],
  ])('a script that %s', (_, run, expected) => {
    expect(found(`FROM x\n${run}`)).toEqual(expected);
  });

  test('a script where SHELL is another, or sh itself', () => {
    const bash = `SHELL ["/bin/bash", "-o", "pipefail", "-c"]\n${script('true')}`;
    expect(found(`FROM x\n${bash}`)).toContain('run-heredoc-shell 3:1');
    expect(found(`FROM x\n${bash.replace(/\[.*\]/, '["sh", "-c"]')}`)).not.toContain('run-heredoc-shell 3:1');
  });

  test('a stage goes on where the one it is built on ended', () => {
    const text =
      'FROM x AS a\nUSER a\nENV A=1\nFROM y AS b\nCOPY a b\nFROM a\nCOPY --from=b a b\nCOPY a b\nARG A=2\n';
    expect(found(text)).toEqual(['copy-as-user 8:1', 'arg-after-env 9:1']);
  });

  test('only stages that are built count', () => {
    const text = 'FROM x AS a\nRUN --network=none true\nFROM x AS b\nFROM b\nRUN --network=host true\n';
    expect(found(text)).toEqual(['run-network 5:5']);
    expect(found(text, { target: 'a' })).toEqual(['run-network 2:5']);
  });

  test('what a base image defers is found at the FROM that brings it in', () => {
    const base = parseDockerfile('FROM x\nONBUILD COPY --parents a b/\n').instructions[1];
    const triggers = base?.trigger ? [base.trigger] : [];
    const inherit = () => ({ env: {}, triggers, complete: true });
    expect(found('FROM x\nFROM y\n', { inherit })).toEqual(['copy-parents 2:6']);
    expect(found('FROM x\nONBUILD COPY --parents a b/\nFROM y\n')).toEqual([]);
  });

  test('each construct of the table is found somewhere', () => {
    const told = new Set(SHOWN.flatMap(([, ...all]) => all.map((each) => each.split(' ')[0])));
    const apart = [
      'from-platform',
      'from-platform-argument',
      'from-empty-argument',
      'target-number',
      'syntax',
    ];
    const heredocs = ['', '-unrun', '-program', '-expanded', '-shell'].map((end) => `run-heredoc${end}`);
    const all = Object.keys(DIFFERENCES) as Construct[];
    expect(all.filter((one) => !told.has(one) && !apart.includes(one) && !heredocs.includes(one))).toEqual(
      [],
    );
  });
});
