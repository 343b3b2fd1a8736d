import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DockerfileOutline,
  type EvaluateOptions,
  type Inherited,
  outlineDockerfile,
  planDockerfile,
} from '../../src/dockerfile/evaluate.ts';
import { DockerfileError, parseDockerfile, skimDockerfile } from '../../src/dockerfile/parse.ts';
import { skimInstruction } from '../../src/dockerfile/skim.ts';

type Given = Partial<Omit<EvaluateOptions, 'dockerfile'>>;

describe('an instruction that need not be read', () => {
  test.each([
    'RUN make',
    'run  make && "$(x)" \' \\ > out',
    'CMD ["a", "b c"]',
    'ENTRYPOINT [ "a" ]',
    'ENTRYPOINT a $b',
    'WORKDIR /a',
    'USER $U',
    'EXPOSE 80 443',
    'VOLUME /a',
    'LABEL a.b="c d" e=f',
    'ENV A=1 B="c $D" PATH=/x:${PATH}',
  ])('says nothing: %s', (line) => {
    expect(skimInstruction(line)).toEqual({ reads: false, names: [] });
  });

  test.each(['COPY a b', 'ADD a b/ /c/', 'COPY --chown=1:1 --link a* /x', 'COPY a $HOME/', 'copy . .'])(
    'reads the context: %s',
    (line) => {
      expect(skimInstruction(line)).toEqual({ reads: true, names: [] });
    },
  );

  test.each([
    ['ARG A', ['A']],
    ['ARG A=1 B C="$D"', ['A', 'B', 'C']],
  ])('declares: %s', (line, names) => {
    expect(skimInstruction(line)).toEqual({ reads: false, names });
  });
});

test.each([
  'FROM a',
  'COPY --from=a b c',
  'COPY --parents a b',
  'COPY ../a b',
  'COPY $a b',
  'COPY "a" b',
  'COPY ["a", "b"]',
  'COPY a',
  'COPY <<EOF /a',
  'ADD https://a /b',
  'ADD git@a:b /c',
  'RUN --mount=type=cache,target=/a b',
  'RUN cat <<EOF',
  'RUN ["a", 1]',
  'RUN',
  'CMD [1]',
  'WORKDIR',
  'VOLUME ["a"]',
  'LABEL a',
  'ENV A b',
  'ENV A=${B:-c}',
  "ENV A='b'",
  'ARG "A"=1',
  'ARG A=${B?}',
  'ONBUILD COPY a b',
  'HEALTHCHECK NONE',
  'SHELL ["a"]',
  'FOO a',
])('must be read: %s', (line) => {
  expect(skimInstruction(line)).toBeUndefined();
});

describe('what is skimmed says of images and stages what all of it says', () => {
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
      '${A:-x}',
      '"',
      "'",
      '\\',
      '`',
      '=',
      ' ',
      '[',
      ']',
      ',',
    ],
    ...[
      '<',
      '<<E',
      '@',
      ':',
      '://',
      '*',
      '-',
      '--x',
      '\u00a0',
      '\u0085',
      '\ufeff',
      '\udc80',
      '\t',
      'é',
      '#',
      '\r',
    ],
  );
  const word = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
  const plain = fc.constantFrom('a', 'src/', '*.jar', '/app', '$HOME', 'A=1', 'B="x y"', 'x.y=z', '.');
  const words = fc
    .array(fc.oneof({ weight: 3, arbitrary: plain }, word), { maxLength: 4 })
    .map((all) => all.join(' '));
  const keyword = fc.constantFrom(
    ...[
      'RUN',
      'run',
      'CMD',
      'ENTRYPOINT',
      'WORKDIR',
      'USER',
      'EXPOSE',
      'VOLUME',
      'LABEL',
      'ENV',
      'ARG',
      'COPY',
      'ADD',
    ],
    ...[
      'STOPSIGNAL',
      'SHELL',
      'HEALTHCHECK',
      'MAINTAINER',
      'ONBUILD COPY',
      'ONBUILD ARG',
      'FOO',
      'COPY --chown=1',
      'COPY --link',
    ],
    ...[
      'COPY --from=s',
      'COPY --from=x:1',
      'RUN --mount=type=bind,from=s,target=/a',
      'RUN --mount=target=/a',
      'ADD --unpack',
    ],
  );
  const line = fc.oneof(
    { weight: 8, arbitrary: fc.tuple(keyword, words).map((parts) => parts.join(' ')) },
    fc
      .tuple(fc.constantFrom('s', 'x', '$A', 'base:$B'), fc.constantFrom('', ' AS s', ' as t'))
      .map(([base, name]) => `FROM ${base}${name}`),
    fc.constantFrom('', '# comment', '  # comment', 'E', 'RUN a \\', '  && b', 'ENV A=1 \\', 'COPY a \\'),
  );
  const dockerfile = fc
    .tuple(
      fc.constantFrom('', '', '# escape=`\n', '# syntax=x\n', 'WORKDIR /a\n', '\ufeff'),
      fc.array(line, { maxLength: 8 }),
      fc.constantFrom('\n', '\n', '\n', '\r\n'),
    )
    .map(([head, lines, end]) => `${head}${['ARG A=x', 'FROM x AS s', ...lines].join(end)}`);
  const inherit = (): Inherited => ({
    env: { B: '1' },
    complete: false,
    triggers: parseDockerfile('FROM x\nONBUILD ARG C\nONBUILD COPY --from=y a b').instructions.flatMap(
      ({ trigger }) => trigger ?? [],
    ),
  });
  const given = fc.constantFrom<Given>({}, { args: { A: 's' } }, { target: 's' }, { inherit });

  test('or refuses it for the same reason', () => {
    const seen = { skimmed: 0, same: 0 };
    fc.assert(
      fc.property(dockerfile, given, (text, options) => {
        const all = attempt(() =>
          planDockerfile({ args: {}, ...options, dockerfile: parseDockerfile(text) }),
        );
        const some = attempt(() =>
          outlineDockerfile({ args: {}, ...options, dockerfile: skimDockerfile(text) }),
        );
        if (typeof all === 'string' || typeof some === 'string') {
          expect(some).toBe(all);
          return;
        }
        seen.same += 1;
        expect(withoutForesight(some)).toEqual(withoutForesight(all));
        if (some.foreseen !== 'inside-context') expect(all.foreseen).toBe(some.foreseen);
        else expect(all.foreseen).toBeDefined();
        if (skimDockerfile(text).instructions.length < parseDockerfile(text).instructions.length)
          seen.skimmed += 1;
      }),
      { numRuns: 5000 },
    );
    expect(seen.same).toBeGreaterThan(300);
    expect(seen.skimmed).toBeGreaterThan(200);
  });
});

function withoutForesight({ references, unneeded, triggers, declared }: DockerfileOutline): unknown {
  return { references, unneeded, triggers, any: declared.any, names: [...declared.names].sort() };
}

function attempt<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof DockerfileError) return `${error.line}:${error.column} ${error.message}`;
    throw error;
  }
}
