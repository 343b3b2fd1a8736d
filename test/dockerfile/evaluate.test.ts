import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EvaluateOptions, Inherited } from '../../src/dockerfile/evaluate.ts';
import { DockerfileError, parseDockerfile } from '../../src/dockerfile/parse.ts';
import { evaluateDockerfile } from '../support/evaluate.ts';
import { runs } from '../support/runs.ts';

type Given = Partial<Omit<EvaluateOptions, 'dockerfile'>>;

function evaluate(text: string, given: Given = {}): ReturnType<typeof evaluateDockerfile> {
  return evaluateDockerfile({ dockerfile: parseDockerfile(text), args: {}, ...given });
}

/** Each reference, `?names` behind it when it can't be known. */
function references(text: string, given: Given = {}): string[] {
  return evaluate(text, given).references.map(({ reference, unset }) => marked(reference, unset));
}

/** Each source, `?names` behind it when it can't be known. */
function sources(text: string, given: Given = {}): string[] {
  return evaluate(text, given).sources.map(({ source, unset }) => marked(source, unset));
}

function marked(text: string, unset: readonly string[]): string {
  return unset.length === 0 ? text : `${text}?${unset.join(',')}`;
}

function failure(text: string, given: Given = {}): string {
  try {
    evaluate(text, given);
  } catch (error) {
    if (error instanceof DockerfileError) return `${error.line}:${error.column} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

/** What the image of another Dockerfile passes on. */
function image(text: string, given: Given = {}): Inherited {
  return evaluate(text, given).exported;
}

describe('references', () => {
  test.each<[string, string, string[]]>([
    ['FROM', 'FROM r.io:5000/a/b:1@sha256:abc', ['r.io:5000/a/b:1@sha256:abc']],
    ['quotes', `FROM "a"':1'`, ['a:1']],
    ['scratch is none', 'FROM scratch\nCOPY --from=scratch a b\nRUN --mount=from=scratch,target=/a b', []],
    ['Scratch is one', 'FROM Scratch', ['Scratch']],
    ['platform is none', 'FROM --platform=$BUILDPLATFORM a', ['a']],
    ['a needed stage counts', 'FROM a AS base\nFROM BASE AS next\nFROM next', ['a']],
    ['its own name is an image', 'FROM nginx AS nginx\nCOPY --from=nginx a b', ['nginx', 'nginx']],
    ['the last earlier stage of a name', 'FROM a AS s\nFROM b AS s\nFROM s', ['b']],
    ['unneeded stages', 'FROM a AS x\nFROM b AS y\nCOPY --from=c d e\nFROM d\nCOPY --from=x f g', ['a', 'd']],
    ['COPY --from', 'FROM a\nCOPY --from=b:1 c d\nCOPY --from="e" f g', ['a', 'b:1', 'e']],
    [
      'COPY --from, by index',
      'FROM a\nFROM b\nFROM c\nCOPY --from=1 d e\nCOPY --from=+0 d e',
      ['a', 'b', 'c'],
    ],
    ['COPY --from, any case', 'FROM a AS One\nFROM b\nCOPY --from=ONE d e', ['a', 'b']],
    [
      'COPY --from, a later stage',
      'FROM a\nCOPY --from=late c d\nFROM b AS late\nCOPY --from=0 c d',
      ['a', 'late', 'b'],
    ],
    ['COPY --from, a later index', 'FROM a\nCOPY --from=1 c d', ['a', '1']],
    [
      'COPY --from, a later index of two',
      'FROM a\nCOPY --from=1 c d\nFROM b\nCOPY --from=0 c d',
      ['a', '1', 'b'],
    ],
    ['COPY --from, empty', 'FROM a\nCOPY --from= c d', ['a']],
    [
      'RUN --mount',
      'FROM a\nRUN --mount=from=b,target=/c --mount=type=cache,from=d,target=/e f',
      ['a', 'b', 'd'],
    ],
    ['RUN --mount, a stage', 'FROM a AS s\nFROM b\nRUN --mount=from=S,target=/c d', ['a', 'b']],
    ['RUN --mount, an index is an image', 'FROM a\nFROM b\nRUN --mount=from=0,target=/c d', ['b', '0']],
    ['RUN --mount, quoted', 'FROM a\nRUN --mount=\\"from=b,c\\",target=/d e', ['a', 'b,c']],
    ['RUN --mount, the last from', 'FROM a\nRUN --mount=from=b,from=c,target=/d e', ['a', 'c']],
    [
      'RUN --mount without input',
      'FROM a\nRUN --mount=type=tmpfs,from=b,target=/c --mount=type=ssh d',
      ['a'],
    ],
    ['a dollar at the end', 'FROM a\nRUN --mount=from=b$,target=/c d', ['a', 'b$']],
    ['heredocs', 'FROM a\nRUN <<E\nFROM b\nCOPY --from=c d e\nE', ['a']],
  ])('%s', (_, text, expected) => {
    expect(references(text)).toEqual(expected);
  });

  test.each<[string, string, Given, string[]]>([
    ['a default', 'ARG T=1\nFROM a:$T', {}, ['a:1']],
    ['a build argument', 'ARG T=1\nFROM a:$T', { args: { T: '2' } }, ['a:2']],
    ['an undeclared build argument', 'FROM a:$T', { args: { T: '2' } }, ['a:?T']],
    ['a declared one without a value', 'ARG T\nFROM a:$T', {}, ['a:?T']],
    ['a blank name for want of one', 'ARG BASE\nFROM $BASE', {}, ['?BASE']],
    ['a default in the word', 'FROM ${R:-r.io}/a:${T-1}', {}, ['r.io/a:1']],
    ['an alternative in the word', 'FROM a${T:+:$T}', {}, ['a']],
    ['a chain', 'ARG R=r.io A=$R/a\nARG B=${A}:1\nFROM $B', {}, ['r.io/a:1']],
    ['a chain on nothing', 'ARG T\nARG A=a:$T\nFROM $A', {}, ['a:?T']],
    ['a redefinition', 'ARG A=a\nARG A=${A}b\nFROM $A', {}, ['ab']],
    [
      'no argument of a stage',
      'ARG T=1\nFROM a AS b\nARG T=2\nFROM c:$T\nCOPY --from=b d e',
      {},
      ['a', 'c:1'],
    ],
    ['a name every object has', 'ARG constructor\nFROM a:$constructor', {}, ['a:?constructor']],
    [
      'the platform',
      'FROM a:$TARGETARCH$TARGETVARIANT-$BUILDOS',
      { platform: 'linux/arm/7' },
      ['a:armv7-linux'],
    ],
    ['the platform, overridden', 'FROM a:$TARGETARCH', { args: { TARGETARCH: 'x' } }, ['a:x']],
    ['the target', 'FROM a:$TARGETSTAGE AS B', {}, ['a:b']],
    ['the target given', 'FROM a:$TARGETSTAGE AS B\nFROM c', { target: 'B' }, ['a:B']],
    ['no target', 'FROM a:$TARGETSTAGE', {}, ['a:default']],
  ])('expand %s', (_, text, given, expected) => {
    expect(references(text, given)).toEqual(expected);
  });

  test.each([
    ['linux/amd64', 'linux/amd64'],
    ['linux/x86_64', 'linux/amd64'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64/v3', 'linux/amd64/v3'],
    ['linux/aarch64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm64/8', 'linux/arm64'],
    ['linux/arm', 'linux/arm/v7'],
    ['linux/arm/v6', 'linux/arm/v6'],
    ['linux/armhf', 'linux/arm/v7'],
    ['linux/armel', 'linux/arm/v6'],
    ['linux/i386', 'linux/386'],
    ['Linux/s390x', 'linux/s390x'],
    ['linux', 'linux'],
  ])('platform %s is %s', (platform, expected) => {
    expect(references('FROM $TARGETPLATFORM', { platform })).toEqual([expected]);
  });

  test('stand at the word', () => {
    const text =
      '\ufeffFROM a AS \\\n b\n\nfrom --platform=x \\\n# c\n  ${R:-r.io}/a\nRUN --mount=type=bind,\\\nfrom=k d\n';
    const more =
      '  COPY --link --from="c" d e\n RUN --mount=target=/x,from=f --mount=\'from=g\',target=/y z\n';
    const found = evaluate(text + more).references;
    expect(found).toEqual([
      expect.objectContaining({ instruction: 'FROM', stage: 1, word: '${R:-r.io}/a', line: 6, column: 3 }),
      expect.objectContaining({ instruction: 'RUN', stage: 1, word: 'k', line: 8, column: 6 }),
      expect.objectContaining({ instruction: 'COPY', stage: 1, word: 'c', line: 9, column: 23 }),
      expect.objectContaining({ instruction: 'RUN', stage: 1, word: 'f', line: 10, column: 29 }),
      expect.objectContaining({ instruction: 'RUN', stage: 1, word: 'g', line: 10, column: 45 }),
    ]);
    expect(evaluate('\ufeffFROM a').references[0]).toMatchObject({ line: 1, column: 7 });
  });

  test('stand at a word that is in the text', () => {
    const word = fc.constantFrom('a', 'r.io/é:1', '"b"', '${X:-c}', '😀');
    const space = fc.constantFrom(' ', '  ', '\t', ' \\\n', ' \\\n# c\n ');
    fc.assert(
      fc.property(word, space, space, word, (from, first, second, mount) => {
        fc.pre(!mount.includes('$') && !/[^ -~]/.test(mount));
        const text = `FROM${first}${from}\n RUN${second}--mount=target=/t,from=${mount}${first}x`;
        const lines = text.split('\n');
        for (const { word: written, line, column } of evaluate(text).references) {
          expect(lines[line - 1]?.slice(column - 1).startsWith(written)).toBe(true);
        }
      }),
    );
  });
});

describe('--target', () => {
  const text = 'FROM a AS One\nFROM b AS two\nFROM c\nCOPY --from=one d e\nFROM f AS three\nCOPY g h';

  test.each<[string | undefined, string[]]>([
    ['two', ['b']],
    ['ONE', ['a']],
    ['2', ['a', 'c']],
    ['0', ['a']],
    [undefined, ['f']],
    ['', ['f']],
  ])('%s', (target, expected) => {
    expect(references(text, { target })).toEqual(expected);
    expect(sources(text, { target })).toEqual(target ? [] : ['g']);
  });

  test.each(['four', '4', '-1', 'One '])('%j is none', (target) => {
    expect(failure(text, { target })).toBe(`1:1 target stage "${target}" could not be found`);
  });
});

test.each<[string, string | undefined, number[]]>([
  ['FROM a', undefined, []],
  ['FROM a AS x\nFROM b\nFROM x\nCOPY --from=3 / /\nFROM c', '2', [1, 3]],
  ['FROM a AS x\nFROM b AS y\nFROM x AS z\nFROM y\nCOPY --from=x / /', undefined, [2]],
])('the stages of %j that the target %s can do without', (text, target, expected) => {
  expect(evaluate(text, { target }).unneeded).toEqual(expected);
});

describe('sources', () => {
  test.each<[string, string, string[]]>([
    ['cleaned', 'COPY a/ ./b//c /d ../e a/../f . / "" x/', ['a', 'b/c', 'd', 'e', 'f', '.', '.', '.']],
    ['wildcards', 'COPY a*/?[b] c/', ['a*/?[b]']],
    ['JSON form', 'COPY ["a b", "c", "d"]', ['a b', 'c']],
    ['ADD', 'ADD a b c/', ['a', 'b']],
    ['ADD from elsewhere', 'ADD https://a/b http://c ftp://d git://e ssh://f g/', []],
    ['ADD from git', 'ADD git@a.b:c/d.git#e HTTPS://a/b.git?ref=c https://a/b.git#c d/', []],
    [
      'ADD of paths that only look so',
      'ADD github.com/a/b HTTP://a ./git@a:b c@d/e f/',
      ['github.com/a/b', 'HTTP:/a', 'git@a:b', 'c@d/e'],
    ],
    ['ADD with a variable in its address', 'ADD https://a/$B c/', []],
    ['--from is none', 'COPY --from=x a b', []],
    ['an empty --from', 'COPY --from= a b', ['a']],
    ['heredocs are none', 'COPY <<A a <<"B" c/\nA\nB', ['a']],
    ['what only looks like one', 'COPY << A b/\nA', ['<<', 'A'].slice(0, 2)],
    ['a heredoc word of JSON form', 'COPY ["<<A", "b", "c/"]', ['b']],
    ['a word that is no heredoc', 'COPY <<a<b c/', ['<<a<b']],
    ['mounts', 'RUN --mount=source=a/b,target=/c --mount=type=bind,src=d,dst=/e f', ['a/b', 'd']],
    ['quoted mount options', 'RUN --mount=\\"source=\\"\\"a,b\\"\\"\\",target=/c d', ['a,b']],
    ['a mount of everything', 'RUN --mount=target=/a b', ['.']],
    [
      'mounts of other types',
      'RUN --mount=type=cache,target=/a --mount=type=tmpfs,target=/b --mount=type=secret,id=c d',
      [],
    ],
    ['a mount from elsewhere', 'RUN --mount=from=a,source=b,target=/c d', []],
    ['an empty from', 'RUN --mount=from=,source=b,target=/c d', ['b']],
    [
      'every mount option',
      'RUN --mount=ro,rw=true,Source=a,destination=/b,uid=0,gid=0,mode=0,sharing=locked,size=1,env=x,readonly c',
      ['a'],
    ],
    ['a mount type in a variable', 'ARG T=CACHE\nRUN --mount=type=$T,target=/a b', []],
    ['RUN alone', 'RUN a', []],
    ['ONBUILD is for later', 'ONBUILD COPY a b', []],
  ])('%s', (_, text, expected) => {
    expect(sources(`FROM scratch\n${text}`)).toEqual(expected);
  });

  test('tell how they are read', () => {
    const text =
      'FROM scratch\nCOPY --parents --exclude=*.md --exclude=b ./a/./b c/\nCOPY --parents=false a b\nRUN --mount=source=*,target=/a b';
    expect(evaluate(text).sources).toEqual([
      {
        instruction: 'COPY',
        source: 'a/b',
        parents: true,
        exclude: ['*.md', 'b'],
        literal: false,
        unset: [],
        line: 2,
        viaTrigger: false,
      },
      expect.objectContaining({ source: 'a', parents: false, exclude: [], line: 3 }),
      expect.objectContaining({ instruction: 'RUN', source: '*', literal: true, line: 4 }),
    ]);
  });
});

describe('variables', () => {
  test.each<[string, string, string[]]>([
    ['of the stage', 'FROM scratch\nARG A=a B=$A/b\nENV C=$B/c\nCOPY $C /', ['a/b/c']],
    ['one ENV sees the values before it', 'FROM scratch\nENV A=a\nENV A=b B=$A\nCOPY $A$B /', ['ba']],
    ['the old form of ENV', 'FROM scratch\nENV A  b c\nCOPY "$A" /', ['b c']],
    ['names of ENV are expanded', 'FROM scratch\nENV A=B\nENV $A=c\nCOPY $B /', ['c']],
    ['names of ARG are not', 'FROM scratch\nENV A=B\nARG $A=c\nCOPY x$B /', ['x']],
    [
      'escaped and quoted',
      `FROM scratch\nENV A="b c" D='$A' E=\\$A\nCOPY ["$A", "$D", "$E", "/"]`,
      ['b c', '$A', '$A'],
    ],
    ['with another escape', '# escape=`\nFROM scratch\nENV A=a` b\nCOPY "$A" `$A /', ['a b', '$A']],
    [
      'global arguments need a declaration',
      'ARG A=a\nFROM scratch\nCOPY x$A /\nARG A\nCOPY x$A /',
      ['x', 'xa'],
    ],
    ['a default beats the global argument', 'ARG A=a\nFROM scratch\nARG A=b\nCOPY $A /', ['b']],
    [
      'the platform needs a declaration',
      'FROM scratch\nCOPY x$TARGETOS /\nARG TARGETOS\nCOPY x$TARGETOS /',
      ['x', 'xlinux'],
    ],
    ['ARG of an earlier stage it is built on', 'FROM scratch AS s\nARG A=a\nFROM s\nCOPY $A /', ['a']],
    ['ENV of an earlier stage it is built on', 'FROM scratch AS s\nENV A=a\nFROM s\nCOPY $A /', ['a']],
    ['both of them', 'FROM scratch AS s\nENV A=a\nARG B=b\nFROM s\nCOPY $A$B /', ['ab']],
    ['its ENV comes back over its ARG', 'FROM scratch AS s\nENV A=a\nARG A=b\nFROM s\nCOPY $A /', ['a']],
    [
      'a later stage does not change it',
      'FROM scratch AS s\nENV A=a\nFROM s AS t\nENV A=b\nFROM s\nCOPY --from=t / /\nCOPY $A /',
      ['a'],
    ],
    ['PATH is always set', 'FROM scratch\nCOPY ${PATH%%/bin*} /', ['usr/local/sbin:/usr/local']],
    ['mount options', 'FROM scratch\nARG A=a\nRUN --mount=source=$A/b,target=$C c', ['a/b']],
    ['not in --exclude', 'FROM scratch\nARG A=a\nCOPY --exclude=$A b c', ['b']],
    ['a name every object has', 'FROM scratch\nARG constructor\nCOPY x$constructor /', ['x']],
  ])('%s', (_, text, expected) => {
    expect(sources(text)).toEqual(expected);
  });

  test.each<[string, string, string[]]>([
    ['override a default', 'FROM scratch\nARG A=a\nCOPY $A /', ['given']],
    ['override a global one', 'ARG A=a\nFROM scratch\nARG A\nCOPY $A /', ['given']],
    ['need a declaration', 'FROM scratch\nCOPY x$A /', ['x']],
    ['do not need a value to override', 'FROM scratch\nARG A\nCOPY $A /', ['given']],
    ['leave a default unread', 'FROM scratch\nARG A=${B?}\nCOPY $A /', ['given']],
    ['leave ENV alone', 'FROM scratch\nENV A=a\nCOPY $A /', ['a']],
  ])('build arguments %s', (_, text, expected) => {
    expect(sources(text, { args: { A: 'given' } })).toEqual(expected);
  });

  test.each<[string, string, string[]]>([
    ['not declared, on an image out of sight', 'FROM a\nCOPY $A/b /', ['b?A']],
    ['even with a default', 'FROM a\nCOPY ${A:-c}/b /', ['c/b?A']],
    ['declared without a value', 'FROM a\nARG A\nCOPY $A/b /', ['b?A']],
    ['declared in the stage below', 'FROM a AS s\nARG A\nFROM s\nCOPY $A/b /', ['b?A']],
    [
      'behind an ENV',
      'FROM a\nENV A=$B/c D=$A\nCOPY $A /\nENV E=$A/e\nCOPY $E $D /',
      ['c?B', 'c/e?B', '.?A'],
    ],
    ['behind an ARG', 'FROM a\nARG A=$B/c\nCOPY $A /', ['c?B']],
    ['in a stage on such a stage', 'FROM a AS s\nFROM s\nCOPY x$A /', ['x?A']],
    ['PATH', 'FROM a\nARG PATH\nCOPY ${PATH##*} /', ['.?PATH']],
    ['in a mount', 'FROM a\nRUN --mount=source=$A,target=$B c', ['.?A']],
    ['in another mount option', 'FROM a\nRUN --mount=source=b,target=$B c', ['b']],
    // Kaniko hands the arguments of a stage to all later ones.
    [
      'an argument of an earlier stage',
      'FROM scratch AS s\nARG A=a\nFROM scratch\nCOPY --from=s / /\nCOPY $A/b /',
      ['b?A'],
    ],
    ['known where everything is in sight', 'FROM scratch\nCOPY $A/b /', ['b']],
  ])('unknown: %s', (_, text, expected) => {
    expect(sources(text)).toEqual(expected);
  });

  test.each<[string, string, string[]]>([
    ['both where an ARG follows an ENV', 'FROM scratch\nENV A=a\nARG A=b\nCOPY $A /', ['a', 'b']],
    ['one where they agree', 'FROM scratch\nENV A=a\nARG A=a\nCOPY $A /', ['a']],
    ['one where the ENV follows', 'FROM scratch\nARG A=b\nENV A=a\nCOPY $A /', ['a']],
    ['shared sources once', 'FROM scratch\nENV A=a\nARG A=b\nCOPY c $A /', ['c', 'a', 'b']],
  ])('Kaniko and BuildKit: %s', (_, text, expected) => {
    expect(sources(text)).toEqual(expected);
  });

  test('Kaniko and BuildKit: only what both pass on is known', () => {
    expect(image('FROM scratch\nENV A=a B=b\nARG A=c\nENV D=$A B=b')).toMatchObject({
      env: { A: 'a', B: 'b' },
      complete: false,
    });
    expect(image('FROM scratch\nENV A=a\nARG A=c')).toMatchObject({ env: { A: 'a' }, complete: true });
  });
});

describe('inherited', () => {
  const base = image(
    'FROM scratch\nENV A=a\nARG B=b\nONBUILD COPY $A/x $C /\nONBUILD ENV D=d\nONBUILD COPY --from=tools:1 / /',
  );
  const inherit = ({ reference }: { reference: string }): Inherited | undefined =>
    reference === 'r.io/base:1' ? base : undefined;

  test('variables: ENV, not ARG', () => {
    expect(base.env).toEqual({ A: 'a', PATH: expect.stringContaining('/usr/bin') as string });
    expect(base.complete).toBe(true);
    expect(sources('FROM r.io/base:1\nCOPY $A x$B /', { inherit })).toEqual(['a/x', '.', 'a', 'x']);
  });

  test('ONBUILD runs first, against the context it runs in, with the variables it finds', () => {
    const text = 'ARG T=1\nFROM other\nFROM r.io/base:$T\nCOPY own $D /';
    const { references: images, sources: paths, exported } = evaluate(text, { inherit });
    expect(images).toEqual([
      expect.objectContaining({ reference: 'r.io/base:1', instruction: 'FROM', viaTrigger: false }),
      {
        reference: 'tools:1',
        unset: [],
        gaps: [],
        instruction: 'COPY',
        stage: 1,
        word: 'tools:1',
        line: 3,
        column: 6,
        viaTrigger: true,
      },
    ]);
    expect(paths.map(({ source, line, viaTrigger }) => [source, line, viaTrigger])).toEqual([
      ['a/x', 3, true],
      ['.', 3, true],
      ['own', 4, false],
      ['d', 4, false],
    ]);
    expect(exported.triggers).toEqual([]);
    expect(exported.env).toMatchObject({ A: 'a', D: 'd' });
  });

  test('ONBUILD of an earlier stage, once', () => {
    const text = 'FROM scratch AS s\nONBUILD COPY a /\nFROM s AS t\nCOPY b /\nFROM t\nCOPY c /';
    expect(sources(text)).toEqual(['a', 'b', 'c']);
    expect(image(text).triggers).toEqual([]);
    expect(sources(text, { target: 's' })).toEqual([]);
  });

  test("ONBUILD finds this file's stages, and mounts", () => {
    const onbuild = image(
      'FROM scratch\nONBUILD COPY --from=Build a b\nONBUILD RUN --mount=from=0,target=/a b',
    );
    const text = 'FROM x\nFROM y AS build\nFROM base';
    expect(
      references(text, { inherit: ({ reference }) => (reference === 'base' ? onbuild : undefined) }),
    ).toEqual(['y', 'base', '0']);
  });

  test('ONBUILD with heredocs and another escape', () => {
    const onbuild = image('# escape=`\nFROM scratch\nONBUILD COPY <<E \\$A /\nE\nONBUILD ENV A=b\\ c');
    expect(sources('FROM base\nCOPY "$A" /', { inherit: () => onbuild })).toEqual(['$A', 'b c']);
  });

  test('an image on an image out of sight may hold more', () => {
    const exported = image('FROM a\nENV B=b C=$D');
    expect(exported).toMatchObject({ env: { B: 'b' }, complete: false });
    expect(sources('FROM base\nCOPY $B $C /', { inherit: () => exported })).toEqual(['b', '.?C']);
  });

  test('an image is not all in sight when builders differ over a variable of it', () => {
    const exported = image('FROM scratch AS s\nARG A=a\nFROM scratch\nCOPY --from=s / /\nENV B=$A');
    expect(exported).toMatchObject({ env: { PATH: expect.any(String) as string }, complete: false });
  });

  test('ONBUILD is read without the directives of the file it runs in', () => {
    const onbuild = image('FROM scratch\nONBUILD ENV A=b\\ c');
    expect(sources('# escape=`\nFROM base\nCOPY "$A" /', { inherit: () => onbuild })).toEqual(['b\\ c']);
  });

  test('the target is what passes on', () => {
    expect(image('FROM scratch AS s\nENV A=a\nONBUILD RUN b\nFROM s', { target: 's' })).toMatchObject({
      env: { A: 'a' },
      triggers: [{ keyword: 'RUN', arguments: 'b' }],
    });
  });
});

test.each<[string, string]>([
  ['ARG A', '1:1 dockerfile contains no stages to build'],
  ['ARG A\n RUN a\nFROM b', '2:2 no build stage in current context'],
  ['ARG A=\nFROM $A', '2:6 base name ($A) should not be blank'],
  ['FROM ""', '1:6 base name ("") should not be blank'],
  ['FROM ${A', '1:6 failed to process "${A": unsupported modifier (\ufffd) in substitution'],
  ['FROM ${A:?give-it}', '1:6 failed to process "${A:?give-it}": A: give-it'],
  ['FROM --platform=${A?} b', '1:23 failed to process "${A?}": A: is not allowed to be unset'],
  [
    'ARG A="\nFROM b',
    '1:1 failed to process "\\"": unexpected end of statement while looking for matching double-quote',
  ],
  [
    'FROM a\nARG b="',
    '2:1 failed to process "\\"": unexpected end of statement while looking for matching double-quote',
  ],
  [
    'FROM a\n COPY "a b" c',
    '2:2 failed to process "\\"a": unexpected end of statement while looking for matching double-quote',
  ],
  [
    'FROM a\nCOPY <<"A B" c/\nA B',
    '2:1 failed to process "<<\\"A": unexpected end of statement while looking for matching double-quote',
  ],
  ['FROM a\nCOPY https://b c', "2:1 source can't be a URL or a git ref for COPY: https://b"],
  [
    'FROM a\nCOPY --from=$B c d',
    '2:13 variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround',
  ],
  [
    "FROM a\nCOPY --from=\\' c d",
    '2:14 variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround',
  ],
  ['FROM a\nRUN --mount=type=x,target=/b c', '2:1 unsupported mount type "x"'],
  ['FROM a\nRUN --mount=x=y c', "2:1 unexpected key 'x' in --mount=x=y"],
  ['FROM a\nRUN --mount=target c', "2:1 invalid field 'target' must be a key=value pair"],
  ['FROM a\nRUN --mount=type=secret,from=b,id=c d', '2:1 secret mount should not have a from'],
  ['FROM a AS s\nONBUILD FOO\nFROM s', '3:6 unknown instruction: FOO'],
  [
    'FROM a AS s\nONBUILD COPY --from=$B c d\nFROM s',
    '3:6 variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround',
  ],
  [
    'FROM a AS s\nONBUILD COPY "b c\nFROM s',
    '3:6 failed to process "\\"b": unexpected end of statement while looking for matching double-quote',
  ],
  // An unneeded stage is not looked at.
  ['FROM a\nCOPY https://b c\nFROM d', 'accepted'],
])('%j: %s', (text, expected) => {
  expect(failure(text)).toBe(expected);
});

describe('anything', () => {
  const name = fc.constantFrom(
    's',
    'S',
    't',
    '0',
    '1',
    'img:1',
    'scratch',
    '$A',
    '${B:-x}',
    '"q"',
    '${PATH#*:}',
  );
  const pair = fc.tuple(fc.constantFrom('A', 'B', 'C', 'PATH'), name).map((parts) => parts.join('='));
  const instruction = fc.oneof(
    fc.tuple(name, fc.constantFrom('', ' AS s', ' AS t')).map(([base, alias]) => `FROM ${base}${alias}`),
    pair.map((text) => `ARG ${text}`),
    pair.map((text) => `ENV ${text}`),
    name.map((source) => `COPY ${source} /`),
    name.map((source) => `ONBUILD COPY ${source} /`),
    name.map((from) => `COPY --from=${from} a /`),
    name.map((source) => `RUN --mount=source=${source},target=/a b`),
    fc.constantFrom('ARG A', 'ARG B', 'RUN a'),
  );
  const dockerfile = fc
    .array(instruction, { maxLength: 14 })
    .map((lines) => ['ARG A=a', 'FROM x', ...lines].join('\n'));

  test('gives a result or a located error', () => {
    fc.assert(
      fc.property(dockerfile, fc.option(name, { nil: undefined }), (text, target) => {
        expect(failure(text, { target })).toMatch(/^accepted$|^[1-9]\d*:[1-9]\d* /);
      }),
      { numRuns: runs(1000) },
    );
  });

  test('a build argument nobody declares changes nothing', () => {
    fc.assert(
      fc.property(dockerfile, (text) => {
        fc.pre(failure(text) === 'accepted');
        expect(evaluate(text, { args: { NOBODY: 'x' } })).toEqual(evaluate(text));
      }),
    );
  });

  test('an image passes on its variables as its last stage sees them', () => {
    fc.assert(
      fc.property(fc.array(pair), name, (pairs, source) => {
        const text = ['FROM scratch', ...pairs.map((one) => `ENV ${one}`)].join('\n');
        fc.pre(failure(`${text}\nCOPY ${source} /`) === 'accepted');
        const inherit = (): Inherited => image(text);
        expect(sources(`FROM base\nCOPY ${source} /`, { inherit })).toEqual(
          sources(`${text}\nCOPY ${source} /`),
        );
      }),
    );
  });
});

test('many stages and variables take no time', () => {
  const stages = Array.from(
    { length: 3000 },
    (_, index) => `FROM ${index === 0 ? 'scratch' : `s${index - 1}`} AS s${index}`,
  );
  expect(references(stages.join('\n'))).toEqual([]);
  expect(references('FROM a\n'.repeat(20_000))).toHaveLength(1);
  const doubling = Array.from({ length: 60 }, () => 'ENV A=$A$A').join('\n');
  expect(failure(`FROM scratch\nENV A=aa\n${doubling}`)).toContain('expands to more than 131072 characters');
});
