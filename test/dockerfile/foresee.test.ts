import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planDockerfile } from '../../src/dockerfile/evaluate.ts';
import { DockerfileError, parseDockerfile } from '../../src/dockerfile/parse.ts';

function foreseen(text: string): string | undefined {
  return planDockerfile({ dockerfile: parseDockerfile(text), args: {} }).foreseen;
}

describe('the sources are foreseen', () => {
  test.each<[string, string | undefined]>([
    ['RUN make', 'none'],
    ['COPY a b* /app/', 'inside-context'],
    ['ADD a.tar.gz /', 'inside-context'],
    ['COPY a $HOME/', 'inside-context'],
    ['COPY ["a b", "/"]', 'inside-context'],
    ['COPY --chown=$U a /', 'inside-context'],
    ['COPY --from=x $a /', 'none'],
    ['ENV A=$B C="x ${D} y" PATH=/a:$PATH', 'none'],
    ['ARG A\nARG B=1', 'none'],
    ['ENV OPTS -v', undefined],
    ['ONBUILD COPY $x /', 'none'],
    ['RUN --mount=type=cache,target=/c make', 'none'],
    ['RUN --mount=target=/c make', 'inside-context'],
    ['RUN --mount=from=x,target=/c make', 'none'],
    ['RUN --mount=source=a,target=/c make', 'inside-context'],
  ])('%s: %s', (line, expected) => {
    expect(foreseen(`FROM x\n${line}`)).toBe(expected);
  });

  test.each([
    'COPY $a /',
    'COPY "a" /',
    "COPY 'a' /",
    'COPY ["$a", "/"]',
    'COPY a\\ b /',
    'COPY ../a /',
    'COPY a/../../b /',
    'ADD https://host/a /',
    'ADD git@host:a/b /',
    'COPY <<EOF /\nEOF',
    'COPY \udc80 /',
    'ENV A=${B:-c}',
    "ENV A='b'",
    'ENV "a=b"',
    'ENV A=\\$',
    'ENV A=$1',
    'RUN --mount=source=$a,target=/c make',
    'RUN --mount=source=../a,target=/c make',
  ])('not where words have to be read: %j', (line) => {
    expect(foreseen(`FROM x\n${line}`)).toBeUndefined();
  });

  test('an inherited ONBUILD counts, a stage nobody needs does not', () => {
    expect(foreseen('FROM x AS a\nONBUILD COPY b /\nFROM a')).toBe('inside-context');
    expect(foreseen('FROM x AS a\nCOPY $b /\nFROM x')).toBe('none');
  });

  test('as running the stages finds them, whatever the words are', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'B',
        'b/',
        '.',
        '..',
        '/',
        '$',
        '$A',
        '${A}',
        '${A:-',
        '${A:?',
        '}',
        '"',
        "'",
        '\\',
        '`',
        '=',
        ' ',
      ],
      ...[
        '<',
        '<<',
        '@',
        ':',
        '://',
        'http',
        '*',
        '[',
        ',',
        '-',
        '\u00a0',
        '\u0085',
        '\ufeff',
        '\udc80',
        '\t',
        'é',
      ],
    );
    const word = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
    const words = fc.array(word, { minLength: 1, maxLength: 3 }).map((all) => all.join(' '));
    const instruction = fc.oneof(
      fc
        .tuple(fc.constantFrom('ENV A=', 'ENV ', 'ARG A=', 'ARG ', 'COPY ', 'ADD ', 'COPY a '), words)
        .map((parts) => parts.join('')),
      fc
        .tuple(fc.constantFrom('source', 'src', 'from', 'type', 'x', 'ro'), word)
        .map(([key, value]) => `RUN --mount=target=/t,${key}=${value} run`),
      words.map((all) => `ONBUILD COPY ${all}`),
    );
    const dockerfile = fc
      .array(instruction, { maxLength: 4 })
      .map((lines) => ['FROM x AS s', ...lines.slice(0, 2), 'FROM s', ...lines.slice(2)].join('\n'));
    let seen = 0;
    fc.assert(
      fc.property(dockerfile, (text) => {
        const planned = plan(text);
        if (planned?.foreseen === undefined) return;
        seen += 1;
        const { sources } = planned.run();
        if (planned.foreseen === 'none') expect(sources).toEqual([]);
        for (const { unset, outside } of sources) expect([unset, outside]).toEqual([[], undefined]);
      }),
      { numRuns: 5000 },
    );
    expect(seen).toBeGreaterThan(500);
  });
});

function plan(text: string): ReturnType<typeof planDockerfile> | undefined {
  try {
    return planDockerfile({ dockerfile: parseDockerfile(text), args: { A: '"' } });
  } catch (error) {
    if (error instanceof DockerfileError) return undefined;
    throw error;
  }
}
