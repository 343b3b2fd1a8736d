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
import { runs } from '../support/runs.ts';
import { skimPlain } from '../../src/dockerfile/skim.ts';

type Given = Partial<Omit<EvaluateOptions, 'dockerfile'>>;

/** How many instructions were not left out, and what those that were say; undefined where all must be read. */
function skimmed(...lines: string[]): { read: number; reads: boolean; names: readonly string[] } | undefined {
  const plain = skimPlain(['FROM x', ...lines, ''].join('\n'));
  return plain && { read: plain.instructions.length - 1, ...plain.skimmed };
}

describe('an instruction that need not be read', () => {
  test.each([
    '# comment <<',
    '  # comment',
    '',
    'RUN make',
    'run  make && "$(x)" \' \\d > out',
    'RUN a \\\n  && b \\  \n# c \\\n\n  # d\n  && FROM x',
    'RUN --mount=type=cache,target=/a,sharing=locked --mount=type=secret,id=b,required \\\n  --mount=type=tmpfs,target=/c make',
    'CMD ["a", "b c"]',
    'ENTRYPOINT [ "a" ]',
    'ENTRYPOINT a $b',
    'WORKDIR /a',
    'USER $U',
    'EXPOSE 80 443',
    'VOLUME /a',
    'LABEL a.b="c d" \\\n   e=f',
    'ENV A=1 B="c $D" \\\n# e\n  PATH=/x:${PATH}',
  ])('says nothing: %j', (line) => {
    expect(skimmed(line)).toEqual({ read: 0, reads: false, names: [] });
  });

  test.each([
    'COPY a b',
    'ADD a b/ /c/',
    'COPY --chown=1:1 --link a* /x',
    'COPY a $HOME/',
    'copy . .',
    // What looks like a flag is none behind a source or within another word.
    'COPY a --from=b',
    'COPY a /b--from=c',
    'COPY a--from=b c',
    'COPY --chown=1--from=b --link c d',
  ])('reads the context: %s', (line) => {
    expect(skimmed('RUN a', line, line, 'RUN b')).toEqual({ read: 0, reads: true, names: [] });
  });

  test('declares', () => {
    expect(skimmed('ARG A', 'ARG A=1 B C="$D"')).toEqual({
      read: 0,
      reads: false,
      names: ['A', 'A', 'B', 'C'],
    });
  });

  test.each(['FROM a', 'FROM a:$B as c', 'COPY --from=a b c', 'COPY --chown=1 --from=a:1/b --link b c $D/'])(
    'is read: %s',
    (line) => {
      expect(skimmed(line)).toEqual({ read: 1, reads: false, names: [] });
    },
  );
});

test.each([
  'COPY --parents a b',
  'COPY ../a b',
  'COPY $a b',
  'COPY "a" b',
  'COPY ["a", "b"]',
  'COPY a',
  'COPY a \\\n b',
  'COPY <<EOF /a\nEOF',
  'COPY --from=a ["b", "c"]',
  'COPY --from=$a b c',
  'ADD https://a /b',
  'ADD git@a:b /c',
  'RUN --mount=type=bind,target=/a b',
  'RUN --mount=type=cache,from=b,target=/a b',
  'RUN --mount=type=cache,target b',
  'RUN \\\n  --mount=target=/a b',
  'RUN --mount=type=cache,target=/a \\\n  --mount=target=/a b',
  'RUN a \\',
  'RUN a \\\\\nRUN b',
  'RUN é',
  'RUN a \\\n\f\nFROM b',
  'RUN a \\\n\u00a0# b \\\nFROM b',
  'RUN cat <<EOF\nEOF',
  // A delimiter that could be a line of its own.
  'RUN cat <<#\nCOPY a b\n#',
  'RUN cat <\\\n<EOF\nEOF',
  'RUN ["a", 1]',
  'RUN',
  'CMD [1]',
  'CMD a \\\n b',
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
  'FROM --platform=a b',
  'FROM "a"',
  'FOO a',
  // One word over two lines.
  'RUN\\\nfoo',
  'LABEL\\\na=b',
  'RUN --mount=type=cache\\\nfoo make',
])('must be parsed: %j', (line) => {
  expect(skimmed(line)).toBeUndefined();
});

test.each([
  '# escape=`\nFROM a\n',
  '# syntax=a\n# syntax=b\nFROM a\n',
  'RUN a\nFROM a\n',
  'ARG A\n',
  '',
  'FROM a\r\nRUN b\r\n',
  `FROM a\nRUN ${'x'.repeat(70_000)}\n`,
])('must be parsed as a whole: %j', (text) => {
  expect(skimPlain(text)).toBeUndefined();
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
  const plain = fc.constantFrom(
    'a',
    'src/',
    '*.jar',
    '/app',
    '$HOME',
    'A=1',
    'B="x y"',
    'x.y=z',
    '.',
    'x--from=s',
  );
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
  const plainLine = fc.constantFrom(
    ...[
      'RUN make',
      'RUN a \\',
      '  && b',
      'RUN a \\\n  && b',
      'COPY a b',
      'ENV A=1',
      'ARG C=2',
      'ARG A',
      'WORKDIR /a',
    ],
    ...[
      'COPY --from=s a /b',
      'COPY --from=0 a /b',
      'COPY --from=x:1 a /b',
      'FROM s AS t',
      'FROM $A',
      'FROM x',
      '# c \\',
    ],
    ...['', 'LABEL a=b', 'RUN --mount=type=cache,target=/a \\\n  b', 'CMD ["a"]', 'ADD a $HOME/'],
  );
  const line = fc.oneof(
    { weight: 40, arbitrary: plainLine },
    { weight: 8, arbitrary: fc.tuple(keyword, words).map((parts) => parts.join(' ')) },
    fc
      .tuple(fc.constantFrom('s', 'x', '$A', 'base:$B'), fc.constantFrom('', ' AS s', ' as t'))
      .map(([base, name]) => `FROM ${base}${name}`),
    fc.constantFrom(
      '',
      '# comment',
      '  # comment \\',
      'E',
      'RUN a \\',
      'RUN a \\  ',
      '  && b',
      '  && c \\',
      '\f',
      'ENV A=1 \\',
      'COPY a \\',
      'RUN\\',
      'LABEL\\',
      'RUN --mount=type=cache\\',
    ),
    fc.constantFrom(
      'RUN --mount=type=cache,target=/a \\',
      '  --mount=from=s,target=/b c',
      'COPY --from=s --link a /b',
      'RUN a \\\\',
    ),
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
  const givens: readonly Given[] = [{}, { args: { A: 's' } }, { target: 's' }, { inherit }];
  const given = fc.constantFrom(...givens);

  test('or refuses it for the same reason; and the same wherever the key is the same', () => {
    const seen = { skimmed: 0, same: 0, shared: 0 };
    const byKey = new Map<string, unknown>();
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
        const { key } = skimDockerfile(text);
        const place = `${givens.indexOf(options)} ${key}`;
        const says = { ...(withoutForesight(some) as object), foreseen: some.foreseen };
        if (key !== undefined && byKey.has(place)) {
          expect(says).toEqual(byKey.get(place));
          seen.shared += 1;
        }
        byKey.set(place, says);
        if (skimDockerfile(text).instructions.length < parseDockerfile(text).instructions.length)
          seen.skimmed += 1;
      }),
      { numRuns: runs(5000) },
    );
    expect(seen.same).toBeGreaterThan(300);
    expect(seen.skimmed).toBeGreaterThan(500);
    expect(seen.shared).toBeGreaterThan(50);
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

test('many variables in a word that is not plain take no time', () => {
  const names = Array.from({ length: 60 }, (_, index) => `$SOME_LONG_HOME_${index}/lib`).join(':');
  for (const line of [
    `ENV CP=${names}:'x'`,
    `ARG A=${names}\\\\`,
    `LABEL a=${names}'`,
    `COPY a ${names}'`,
    `FROM ${names}'`,
  ]) {
    expect(
      attempt(() => skimDockerfile(`FROM x\n${line}\n`).instructions.length),
      line,
    ).not.toBe(1);
    attempt(() => planDockerfile({ args: {}, dockerfile: parseDockerfile(`FROM x\n${line}\n`) }));
  }
});
