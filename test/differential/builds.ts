import fc from 'fast-check';

/** A Dockerfile with what it is built with. */
export interface Build {
  text: string;
  args: Readonly<Record<string, string>>;
  target: string;
}

/** The images there are; what those under `reg.io/in/` pass on is known to both sides, that of others only to Go. */
export const IMAGES: Readonly<Record<string, { env: readonly string[]; onbuild: readonly string[] }>> = {
  'reg.io/in/one:1': {
    env: ['A=one', 'B=bee'],
    onbuild: ['COPY ob1 /x', 'ARG C=cc', 'COPY $C/$A /y', 'COPY --from=reg.io/ext/ob:1 /a /b'],
  },
  'reg.io/in/two:1': { env: ['X=two', 'PATH=/p'], onbuild: [] },
  'reg.io/ext/a:1': { env: ['C=ext'], onbuild: [] },
  'reg.io/ext/b:1': { env: [], onbuild: [] },
};

const image = fc.constantFrom(...Object.keys(IMAGES));
const name = fc.constantFrom('A', 'B', 'C', 'TARGETARCH', 'X', 'PATH', 'IMG');
const value = fc.constantFrom(
  ...'a b/c x.txt $A ${B:-d} ${C}/q "q_r" \'$A\' ${X:+y} ${A#b} ${A%/c} ${A//b/z} $TARGETARCH \\$A 1 ${X:-${B}}'.split(
    ' ',
  ),
  '',
);
const source = joined(
  fc.constantFrom('src/', './', '', 'a/', '/abs/', '../'),
  fc.constantFrom(...'a b.txt *.py $A ${B} ${C:-c} $X ${A}/${B} ${IMG} $PATH ${TARGETARCH} "q"'.split(' ')),
  fc.constantFrom('', '/', '/x', '.txt'),
);
const bare = source.map((word) => word.replaceAll('"', ''));
// No index but the first: BuildKit counts images it meets on the way as stages too.
const from = fc.constantFrom('s0', 'S0', 's1', '0', 'reg.io/ext/b:1', 'scratch', 'reg.io/in/one:1');

const globals = fc.oneof(
  joined('ARG ', name, '=', value),
  joined('ARG ', name),
  joined('ARG IMG=', image),
  joined('ARG ', name, '=', value, ' ', name, '=', value),
);

const instruction = fc.oneof(
  globals,
  joined('ENV ', name, '=', value),
  joined('ENV ', name, '=', value, ' ', name, '=', value),
  joined('ENV ', name, ' ', value, ' z'),
  joined('COPY ', source, ' /d/'),
  joined('COPY ', source, ' ', source, ' /d/'),
  joined('COPY --parents ', source, ' /d/'),
  joined('ADD ', source, ' /d/'),
  fc.constant('ADD https://x.io/f /d/'),
  joined('COPY ["', bare, '", "/d/"]'),
  joined('COPY --from=', from, ' /a /b'),
  joined(
    'RUN --mount=',
    fc.constantFrom('type=bind,', '', '"type=${Y:-bind}",'),
    'target=/t,source=',
    bare,
    ' x',
  ),
  joined(
    'RUN --mount=target=/t',
    fc.constantFrom('', ',type=cache', ',type=tmpfs', ',type=secret', ',rw'),
    ' x',
  ),
  joined('RUN --mount=', fc.constantFrom('', 'type=cache,'), 'from=', from, ',target=/t x'),
  joined('ONBUILD COPY ', source, ' /o/'),
  joined('ONBUILD ENV ', name, '=', value),
  joined('ONBUILD COPY --from=', from, ' a b'),
  joined('ONBUILD RUN --mount=target=/t,source=', bare, ' x'),
  joined('COPY <<EOF ', source, ' /x/\nFROM z\n$A\nEOF'),
  fc.constantFrom('RUN <<EOF\nCOPY q w\nEOF', 'WORKDIR /w', 'RUN a', '# c'),
);

const base = fc.oneof(
  { weight: 4, arbitrary: image },
  fc.constantFrom('s0', 's0', 'S0', 's1'),
  fc.constantFrom(
    'scratch',
    'scratch',
    '${IMG:-reg.io/ext/b:1}',
    'reg.io/${X:-in}/one:1',
    '"reg.io/in/two:1"',
    '$IMG',
  ),
);
const stage = fc.tuple(
  fc.constantFrom('FROM', 'from', 'FROM --platform=$BUILDPLATFORM'),
  base,
  fc.constantFrom(' AS s', ' as S', ' As s', ''),
  fc.array(instruction, { maxLength: 6 }),
);

const text = fc
  .tuple(fc.array(globals, { maxLength: 3 }), fc.array(stage, { minLength: 1, maxLength: 4 }))
  .map(([declared, stages]) =>
    [
      ...declared,
      ...stages.flatMap(([keyword, on, as, lines], index) => [
        `${keyword} ${on}${as === '' ? '' : `${as}${index}`}`,
        ...lines,
      ]),
    ].join('\n'),
  );

export const builds: fc.Arbitrary<Build> = fc.record({
  text,
  args: fc.oneof(
    fc.constant({}),
    fc.constant({}),
    fc.dictionary(name, fc.constantFrom('ba', 'b/a', 'reg.io/in/one:1', ''), { maxKeys: 2 }),
  ),
  target: fc.constantFrom('', '', '', '', '', '', '', 's0', 'S1', 's1', '0'),
});

function joined(...parts: (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  return fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(''));
}
