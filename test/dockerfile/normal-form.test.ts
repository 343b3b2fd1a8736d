import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateDockerfile } from '../support/evaluate.ts';
import { normalForm } from '../../src/dockerfile/normal-form.ts';
import { DockerfileError, parseDockerfile } from '../../src/dockerfile/parse.ts';
import { choices, generatedDockerfile, marksOf, writeDockerfile } from '../support/generated-dockerfile.ts';

const form = (text: string) => normalForm(text, {});

describe('the same', () => {
  test.each<[string, string, string]>([
    ['comments and empty lines', 'FROM a\n# c\n\n  # d\nRUN b\n', 'FROM a\nRUN b\n'],
    ['a comment instead of another', '# c\nFROM a', '# d\nFROM a'],
    ['comments and empty lines inside', 'RUN a \\\n# c\n\n && b', 'RUN a \\\n && b'],
    ['where a line is broken', 'RUN a && \\\n  b', 'RUN a \\\n&&   b'],
    ['line ends', 'FROM a\r\nRUN b \\\r\n c\r\n', 'FROM a\nRUN b \\\n c'],
    ['byte order mark', '\ufeffFROM a', 'FROM a'],
    ['white space at the ends', '\t FROM a \t\n  RUN b\u00a0', 'FROM a\nRUN b'],
    ['white space after the keyword', 'RUN \t a', 'RUN a'],
    ['case of the keywords', 'from a as B\nhealthcheck cmd c', 'FROM a AS b\nHEALTHCHECK CMD c'],
    ['white space between words', 'FROM  a\tAS  b\nCOPY  c \t d /', 'FROM a AS b\nCOPY c d /'],
    ['between pairs', 'ENV a="b  c"   d=e\nLABEL f=g \\\n  h=i', 'ENV a="b  c" d=e\nLABEL f=g h=i'],
    ['between arguments', 'ARG  a=1   b', 'ARG a=1 b'],
    ['the old form of ENV', 'ENV a b', 'ENV a=b'],
    ['between ports and volumes', 'EXPOSE 1   2\nVOLUME a  b', 'EXPOSE 1 2\nVOLUME a b'],
    ['between flags', 'COPY  --link   --from=a b c', 'COPY --link --from=a b c'],
    ['order of flags', 'COPY --from=a --link b c', 'COPY --link --from=a b c'],
    ['quotes of flags', 'COPY --chown="a" b c', 'COPY --chown=a b c'],
    ['in a JSON array', 'RUN [ "a" ,"b"]\nSHELL ["c"  ]', 'RUN ["a", "b"]\nSHELL ["c"]'],
    ['escapes in JSON', 'CMD ["\\u0061"]', 'CMD ["a"]'],
    ['a list as JSON', 'COPY a b', 'COPY ["a", "b"]'],
    ['the line that ends a heredoc', 'RUN <<-E\na\n\tE\r\n', 'RUN <<-E\na\nE\n'],
    ['before a trigger', 'onbuild   RUN a', 'ONBUILD RUN a'],
    [
      'comments below a frontend of Docker',
      '# syntax=docker/dockerfile:1\n# c\nRUN a',
      '# syntax = docker/dockerfile:1\nRUN a',
    ],
    [
      'a mirror of it',
      '# syntax=x.io/p/docker/dockerfile@sha256:0\n# c\nRUN a',
      '#syntax=x.io/p/docker/dockerfile@sha256:0\nRUN a',
    ],
    ['comments below a check that only warns', '# check=skip=all\n# c\nRUN a', '# check=skip=all\nRUN a'],
  ])('%s', (_what, one, other) => {
    expect(form(one)).toBeDefined();
    expect(form(one)).toBe(form(other));
  });
});

describe('not the same', () => {
  test.each<[string, string, string]>([
    ['the keyword', 'ADD a b', 'COPY a b'],
    ['white space in a RUN', 'RUN a  b', 'RUN a b'],
    ['before a line break in a RUN', 'RUN a \\\n b', 'RUN a\\\n b'],
    ['after a line break in a RUN', 'RUN a \\\n  b', 'RUN a \\\n b'],
    ['a tab for a space in a RUN', 'RUN a\tb', 'RUN a b'],
    ['a comment within a command', 'RUN a # b', 'RUN a'],
    ['what only looks like JSON', "CMD ['a',  'b']", "CMD ['a', 'b']"],
    ['a command and its JSON form', 'RUN a', 'RUN ["a"]'],
    ['no command and an empty one', 'CMD', 'CMD []'],
    ['white space in JSON strings', 'RUN ["a  b"]', 'RUN ["a b"]'],
    ['in CMD, ENTRYPOINT', 'CMD a  b', 'CMD a b'],
    ['in HEALTHCHECK', 'HEALTHCHECK CMD a  b', 'HEALTHCHECK CMD a b'],
    ['flags of HEALTHCHECK', 'HEALTHCHECK --retries=1 CMD a', 'HEALTHCHECK --retries=2 CMD a'],
    ['in quoted words', 'ENV a="b  c"', 'ENV a="b c"'],
    ['after an escape', 'ENV a=b\\ \\ c', 'ENV a=b\\ c'],
    ['in the old form of ENV', 'ENV a b  c', 'ENV a b c'],
    ['an argument without and with an empty value', 'ARG a', 'ARG a='],
    ['in a label', "LABEL a='b  c'", "LABEL a='b c'"],
    ['in USER, WORKDIR', 'WORKDIR a  b', 'WORKDIR a b'],
    ['in MAINTAINER', 'MAINTAINER a  b', 'MAINTAINER a b'],
    ['no-break space in a list', 'COPY a\u00a0b c d', 'COPY a b c d'],
    ['order of instructions', 'RUN a\nRUN b', 'RUN b\nRUN a'],
    ['order of words', 'COPY a b c', 'COPY b a c'],
    [
      'order of mounts',
      'RUN --mount=target=/a --mount=target=/b c',
      'RUN --mount=target=/b --mount=target=/a c',
    ],
    ['a flag without and with a value', 'COPY --link a b', 'COPY --link=false a b'],
    ['a flag that is an argument', 'COPY --link a b', 'COPY -- --link a b'],
    ['a comment in a heredoc', 'RUN <<E\n# c\na\nE', 'RUN <<E\na\nE'],
    ['an empty line in a heredoc', 'RUN <<E\n\na\nE', 'RUN <<E\na\nE'],
    ['white space in a heredoc', 'RUN <<E\na \nE', 'RUN <<E\na\nE'],
    ['line ends in a heredoc', 'COPY <<E /\na\r\nE', 'COPY <<E /\na\nE'],
    ['quotes of a heredoc', 'COPY <<"E" /\n$a\nE', 'COPY <<E /\n$a\nE'],
    ['tabs of a heredoc', 'COPY <<-E /\na\nE', 'COPY <<E /\na\nE'],
    ['name of a heredoc', 'COPY <<E /\na\nE', 'COPY <<F /\na\nF'],
    ['in a trigger', 'ONBUILD RUN a  b', 'ONBUILD RUN a b'],
    ['before its arguments', 'ONBUILD COPY  a b', 'ONBUILD COPY a b'],
    ['at its end', 'ONBUILD RUN a ', 'ONBUILD RUN a'],
    ['a heredoc in a trigger', 'ONBUILD RUN <<E\na\nE', 'ONBUILD RUN <<E\nb\nE'],
    ['the stage’s name', 'FROM a AS b', 'FROM a AS c'],
    ['a name for the stage', 'FROM a AS b', 'FROM a'],
    ['the escape character', '# escape=`\nRUN a', 'RUN a'],
    ['the frontend', '# syntax=docker/dockerfile:1\nRUN a', 'RUN a'],
    ['its version', '# syntax=docker/dockerfile:1\nRUN a', '# syntax=docker/dockerfile:2\nRUN a'],
    [
      'a frontend that is one no more',
      '# syntax=docker/dockerfile:1\nRUN a',
      '# c\n# syntax=docker/dockerfile:1\nRUN a',
    ],
    [
      'nor with white space in front',
      '# syntax=docker/dockerfile:1\nRUN a',
      ' # syntax=docker/dockerfile:1\nRUN a',
    ],
    ['a frontend below #!', '#!/x\n# syntax=docker/dockerfile:1\nRUN a', '#!/x\nRUN a'],
    ['comments below another frontend', '# syntax=x/dockerfile\n# c\nRUN a', '# syntax=x/dockerfile\nRUN a'],
    [
      'comments below one whose name ends as the usual one’s',
      '# syntax=my-docker/dockerfile\n# c\nRUN a',
      '# syntax=my-docker/dockerfile\nRUN a',
    ],
    [
      'comments below one whose name begins so',
      '# syntax=docker/dockerfiles:1\n# c\nRUN a',
      '# syntax=docker/dockerfiles:1\nRUN a',
    ],
    [
      'another frontend with arguments',
      '# syntax=x/y a/docker/dockerfile\n# c\nRUN a',
      '# syntax=x/y a/docker/dockerfile\nRUN a',
    ],
    [
      'another frontend after a byte order mark',
      '\ufeff# syntax=x/y\n# c\nRUN a',
      '\ufeff# syntax=x/y\nRUN a',
    ],
    ['what is checked', '# check=skip=all\nRUN a', 'RUN a'],
    ['comments below a check that fails', '# check=error=true\n# c\nRUN a', '# check=error=true\nRUN a'],
  ])('%s', (_what, one, other) => {
    expect(form(one)).toBeDefined();
    expect(form(other)).toBeDefined();
    expect(form(one)).not.toBe(form(other));
  });
});

test.each([
  [{}, true],
  [{ BUILDKIT_SYNTAX: 'docker/dockerfile:1.9' }, true],
  [{ BUILDKIT_SYNTAX: 'example/frontend' }, false],
  [{ BUILDKIT_DOCKERFILE_CHECK: 'skip=all' }, true],
  [{ BUILDKIT_DOCKERFILE_CHECK: 'skip=all;error=true' }, false],
])('with %j comments are discarded: %s', (args, discarded) => {
  expect(normalForm('# c\nRUN a', args) === normalForm('RUN a', args)).toBe(discarded);
});

test.each(['', 'RUN <<E', 'NONE of it', '# escape=x\nRUN a', '#!/x\n# check=a\n# check=b\nRUN a'])(
  'none for what does not parse: %j',
  (text) => {
    expect(form(text)).toBeUndefined();
  },
);

test('however it is written, a Dockerfile has one normal form and one meaning', () => {
  fc.assert(
    fc.property(generatedDockerfile, choices, choices, (dockerfile, first, second) => {
      const one = writeDockerfile(dockerfile, { choices: first });
      const other = writeDockerfile(dockerfile, { choices: second });
      expect(form(one)).toBeDefined();
      expect(form(other)).toBe(form(one));
      expect(meaning(other)).toEqual(meaning(one));
    }),
    { numRuns: 1500 },
  );
});

test('a letter more anywhere in its content, and it has another', () => {
  fc.assert(
    fc.property(generatedDockerfile, choices, fc.nat(), (dockerfile, chosen, nth) => {
      const edit = nth % marksOf(dockerfile);
      const before = writeDockerfile(dockerfile, { choices: chosen });
      const after = writeDockerfile(dockerfile, { choices: chosen, edit });
      expect(form(before)).toBeDefined();
      expect(form(after)).not.toBe(form(before));
    }),
    { numRuns: 1500 },
  );
});

/** What the Dockerfile takes from outside, without positions; or why it can't be built. */
function meaning(text: string): unknown {
  const dockerfile = parseDockerfile(text);
  try {
    const { references, sources, exported } = evaluateDockerfile({
      dockerfile,
      args: {},
      target: undefined,
      inherit: () => undefined,
    });
    return {
      references: references.map(({ line: _line, column: _column, ...reference }) => reference),
      sources: sources.map(({ line: _line, ...source }) => source),
      exported: {
        ...exported,
        triggers: exported.triggers.map(({ keyword, arguments: words }) => [keyword, words]),
      },
    };
  } catch (error) {
    if (error instanceof DockerfileError) return error.message;
    throw error;
  }
}
