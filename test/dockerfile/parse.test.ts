import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DockerfileError, parseDockerfile } from '../../src/dockerfile/parse.ts';
import { runs } from '../support/runs.ts';

/** Each instruction as `line-endLine KEYWORD --flags arguments`, its arguments as an array when in JSON form. */
function outline(text: string): string[] {
  return parseDockerfile(text).instructions.map((instruction) => {
    const { line, endLine, keyword, json } = instruction;
    const flags = instruction.flags.map(
      ({ name, value }) => `--${name}${value === undefined ? '' : `=${value}`}`,
    );
    const rest = json === undefined ? instruction.arguments : JSON.stringify(json);
    return [`${line}-${endLine}`, keyword, ...flags, rest].filter((part) => part !== '').join(' ');
  });
}

function failure(text: string): string {
  try {
    parseDockerfile(text);
  } catch (error) {
    if (error instanceof DockerfileError) return `${error.line}:${error.column} ${error.message}`;
    throw error;
  }
  return 'accepted';
}

test.each<[string, string, string[]]>([
  // Lines.
  ['no line ending', 'FROM a', ['1-1 FROM a']],
  ['byte order mark and CRLF', '\ufeffFROM a\r\nRUN b\r\n', ['1-1 FROM a', '2-2 RUN b']],
  ['any case, tabs, indentation', '\t fRoM\ta \t\n', ['1-1 FROM a']],
  ['comments and empty lines', '# c\n\n  # c\nRUN a # b\n', ['4-4 RUN a # b']],
  ['continuation', 'RUN a\\\nb \\  \n c\n', ['1-3 RUN ab  c']],
  ['comment and empty line inside', 'RUN a \\\n# c\n\n  # d\n b\nUSER c', ['1-5 RUN a  b', '6-6 USER c']],
  ['continuation at the end of the file', 'RUN a \\', ['1-1 RUN a']],
  ['continuation, then only comments', 'RUN a \\\n# c\n', ['1-2 RUN a']],
  ['a comment line does not continue', '# c \\\nRUN a', ['2-2 RUN a']],
  ['two escapes do not continue', 'RUN a\\\\\nUSER b', ['1-1 RUN a\\\\', '2-2 USER b']],
  ['a line of only an escape', '\\\nRUN a', ['1-2 RUN a']],
  ['keyword over two lines', 'RU\\\nN a', ['1-2 RUN a']],
  ['no-break space is no separator', 'RUN a\u00a0b', ['1-1 RUN a\u00a0b']],
  ['spaces beyond ASCII are trimmed', '\u3000RUN a\u0085', ['1-1 RUN a']],
  ['bytes that are no UTF-8 stay', 'RUN \udcff', ['1-1 RUN \udcff']],
  // Directives.
  ['escape', '# escape=`\nRUN a`\n b\\\nUSER c', ['2-3 RUN a b\\', '4-4 USER c']],
  ['escape, any case, spaces', '#ESCAPE = ` \nRUN a`\n b', ['2-3 RUN a b']],
  ['escape after a no-break space', '#\u00a0escape=`\nRUN a`\n b', ['2-3 RUN a b']],
  ['escape after syntax and check', '# syntax=x\n# check=skip=all\n# escape=`\nRUN a`\nb', ['4-5 RUN ab']],
  ['escape after a comment is a comment', '# c\n# escape=`\nRUN a`\nUSER b', ['3-3 RUN a`', '4-4 USER b']],
  ['escape after an empty line is a comment', '\n# escape=`\nRUN a`', ['3-3 RUN a`']],
  ['an unknown directive ends them', '# other=x\n# escape=`\nRUN a`', ['3-3 RUN a`']],
  ['no value is no directive', '# escape=\nRUN a\\\nb', ['2-3 RUN ab']],
  // Flags.
  ['flags', 'COPY --from=a  --link --exclude=b c d', ['1-1 COPY --from=a --link --exclude=b c d']],
  ['quoted and escaped', 'COPY --chown="a b"\'c\'\\"\\ d e f', ['1-1 COPY --chown=a bc" d e f']],
  ['open quote', 'RUN --device="a', ['1-1 RUN --device=a']],
  ['escape at the end', '# escape=`\nRUN --device=a`', ['2-2 RUN --device=a']],
  ['a lone escape at the end', 'RUN --device=a\\\\\\', ['1-1 RUN --device=a\\']],
  ['-- ends them', 'COPY --link -- --a b', ['1-1 COPY --link --a b']],
  ['-- alone', 'RUN --', ['1-1 RUN']],
  ['a later flag is an argument', 'COPY a --link b', ['1-1 COPY a --link b']],
  ['over two lines', 'RUN --network=none \\\n  --device=b c', ['1-2 RUN --network=none --device=b c']],
  ['byte by byte', 'RUN --device=é b', ['1-1 RUN --device=Ã© b']],
  ['the byte A0 is a space', 'RUN --device=aà b', ['1-1 RUN --device=aÃ b']],
  ['the bytes 85 and A0 before words', 'RUN \udca0\udc85 a', ['1-1 RUN a']],
  ['the bytes 85 and A0 before flags', 'COPY \udca0 --link\udc85a b', ['1-1 COPY --link a b']],
  ['a torn character', 'RUN --device=元b', ['1-1 RUN --device=å \udc83b']],
  ['a byte that is no UTF-8', 'RUN --device=\udcff b', ['1-1 RUN --device=ÿ b']],
  ['of FROM', 'FROM --platform=$P a AS b', ['1-1 FROM --platform=$P a AS b']],
  // JSON form.
  ['with spaces', 'COPY [ "a b" , "c" ] ', ['1-1 COPY ["a b","c"]']],
  ['with flags and a continuation', 'COPY --link ["a", \\\n"b"]', ['1-2 COPY --link ["a","b"]']],
  ['escapes', 'CMD ["\\u00e9\\n"]', ['1-1 CMD ["é\\n"]']],
  ['half a surrogate pair', 'CMD ["\\ud800\udcff"]', ['1-1 CMD ["\ufffd\ufffd"]']],
  ['single quotes are shell form', "CMD ['a']", ["1-1 CMD ['a']"]],
  ['text behind is shell form', 'COPY ["a"] b', ['1-1 COPY ["a"] b']],
  ['HEALTHCHECK', 'HEALTHCHECK --retries=3 CMD ["a"]', ['1-1 HEALTHCHECK --retries=3 ["a"]']],
  ['HEALTHCHECK NONE ignores flags', 'HEALTHCHECK --x NONE', ['1-1 HEALTHCHECK --x NONE']],
  [
    'ARG and STOPSIGNAL ignore flags',
    'ARG --x a\nSTOPSIGNAL --y 9',
    ['1-1 ARG --x a', '2-2 STOPSIGNAL --y 9'],
  ],
  [
    'everything else there is',
    'FROM a as B-1\nENV a b c\nENV a="b c" d=\\"\nLABEL a=b\nARG a b=c\nMAINTAINER a b\nEXPOSE 1 2\nVOLUME ["a"]\n' +
      'SHELL ["a"]\nENTRYPOINT a\nHEALTHCHECK CMD a\nWORKDIR a\nCOPY --parents=FALSE a b\nADD --unpack=true a b',
    [
      '1-1 FROM a as B-1',
      '2-2 ENV a b c',
      '3-3 ENV a="b c" d=\\"',
      '4-4 LABEL a=b',
      '5-5 ARG a b=c',
      '6-6 MAINTAINER a b',
      '7-7 EXPOSE 1 2',
      '8-8 VOLUME ["a"]',
      '9-9 SHELL ["a"]',
      '10-10 ENTRYPOINT a',
      '11-11 HEALTHCHECK CMD a',
      '12-12 WORKDIR a',
      '13-13 COPY --parents=FALSE a b',
      '14-14 ADD --unpack=true a b',
    ],
  ],
  ['capital İ is an i', 'ADD a b\nWORKDİR a', ['1-1 ADD a b', '2-2 WORKDIR a']],
])('%s', (_, text, lines) => {
  expect(outline(text)).toEqual(lines);
});

test('a trigger has the heredocs of its line', () => {
  const [instruction] = parseDockerfile('ONBUILD RUN <<E\na\nE').instructions;
  const heredocs = [{ delimiter: 'E', content: 'a\n', expand: true, chomp: false }];
  expect(instruction).toMatchObject({ heredocs, endLine: 3, trigger: { heredocs, endLine: 3 } });
});

test('tells the escape character', () => {
  expect(parseDockerfile('FROM a').escape).toBe('\\');
  expect(parseDockerfile('# escape=`\nFROM a').escape).toBe('`');
});

describe('heredocs', () => {
  function heredocs(text: string): unknown[] {
    return parseDockerfile(text).instructions.flatMap(({ heredocs: all }) =>
      all.map(({ delimiter, expand, chomp, content }) => [delimiter, expand, chomp, content]),
    );
  }

  test.each<[string, string, unknown[]]>([
    ['RUN', 'RUN <<EOF\nFROM x\n# c\n\nEOF\n', [['EOF', true, false, 'FROM x\n# c\n\n']]],
    ['quoted', 'COPY <<"A B" \'x\' /y\n$z\nA B\n', [['A B', false, false, '$z\n']]],
    ['escaped', 'RUN <<\\EOF\nEOF', [['EOF', true, false, '']]],
    ['tabs', 'ADD <<-E /x\n\ta\n\t\tE\n', [['E', true, true, '\ta\n']]],
    ['tabs are no terminator', 'RUN <<E\n\tE\nE', [['E', true, false, '\tE\n']]],
    ['with spaces', 'RUN << E\na\nE\n', [['E', true, false, 'a\n']]],
    ['with a descriptor', 'RUN cmd 3<<E\na\nE\n', [['E', true, false, 'a\n']]],
    [
      'several',
      'COPY <<a <<b /c/\n1\na\n2\nb\n',
      [
        ['a', true, false, '1\n'],
        ['b', true, false, '2\n'],
      ],
    ],
    ['after a continuation', 'RUN a <<E \\\n b\nx\nE\n', [['E', true, false, 'x\n']]],
    ['CRLF', 'RUN <<E\r\na\r\nE\r\n', [['E', true, false, 'a\r\n']]],
    ['ONBUILD', 'ONBUILD RUN <<E\na\nE\n', [['E', true, false, 'a\n']]],
    ['with the default escape', '# escape=`\nRUN "a`" <<E"\nUSER x', []],
    ['inside quotes', 'RUN echo "<<E"', []],
    ['three angles', 'RUN cat <<<E', []],
    ['no delimiter', 'RUN a << \nUSER x', []],
    ['no delimiter, tabs', 'RUN a <<-', []],
    ['two words', 'RUN <<"a"\\ b\na b', [['a b', false, false, '']]],
    ['an open quote', "RUN it's <<E\nUSER x", []],
    ['an instruction without', 'USER <<E', []],
    ['JSON form', '# escape=`\nRUN --device=a\\" <<E \\" ["b"]', []],
    ['an empty delimiter', "RUN <<''", []],
    ['in a substitution', 'RUN ${x:-a <<E}\nE}', [['E}', true, false, '']]],
    ['with a substitution behind', 'RUN <<E ${x:-y}\nE', [['E', true, false, '']]],
    // BuildKit's lexer loses what stands before a substitution with an operand.
    ['before a substitution', 'RUN <<E${x:-y}', []],
  ])('%s', (_, text, expected) => {
    expect(heredocs(text)).toEqual(expected);
  });

  test('belong to the instruction', () => {
    expect(outline('RUN <<E\na\nE\nUSER b')).toEqual(['1-3 RUN <<E', '4-4 USER b']);
  });
});

describe('ONBUILD', () => {
  test.each([
    ['ONBUILD copy --link "a" b', 'COPY', 'link', '"a" b', undefined],
    ['ONBUILD  \\\n COPY --link ["a b", "c"]', 'COPY', 'link', '["a b", "c"]', ['a b', 'c']],
    // What is kept is read again without directives, where ` is no escape.
    ['# escape=`\nONBUILD COPY --chown=a`\n\\"b c d', 'COPY', 'chown', 'c d', undefined],
    ['ONBUILD NOTHING yet', 'NOTHING', undefined, 'yet', undefined],
  ])('%j', (text, keyword, flag, words, json) => {
    const { trigger } = parseDockerfile(text).instructions[0] ?? {};
    expect(trigger).toMatchObject({ keyword, arguments: words, json });
    expect(trigger?.flags[0]?.name).toBe(flag);
  });
});

test.each([
  ['', '1:1 file with no instructions'],
  ['# only\n\n# comments\n', '3:1 file with no instructions'],
  ['# escape=x\nFROM a', "1:1 invalid escape token 'x' does not match ` or \\"],
  ['# escape=  \nFROM a', "1:1 invalid escape token ' ' does not match ` or \\"],
  ['# escape=\\\n# Escape=`\nFROM a', '2:1 only one escape parser directive can be used'],
  ['FROM a\n  FOO b', '2:3 unknown instruction: FOO'],
  ['\\\n\n', '1:1 unknown instruction: '],
  ['FROM', '1:1 FROM requires either one or three arguments'],
  ['FROM a b', '1:1 FROM requires either one or three arguments'],
  ['FROM a is b', '1:1 FROM requires either one or three arguments'],
  [
    'FROM a AS 1b',
    `1:1 invalid name for build stage: "1b", name can't start with a number or contain symbols`,
  ],
  ['FROM --platform a', '1:1 missing a value on flag: --platform'],
  ['FROM --target=x a', '1:1 unknown flag: --target'],
  ['FROM --constructor=x a', '1:1 unknown flag: --constructor'],
  ['COPY --from=a --from=b c d', '1:1 duplicate flag specified: --from'],
  ['COPY --link= a b', '1:1 missing a value on flag: --link'],
  ['COPY --link=yes a b', '1:1 expecting boolean value for flag --link, not: yes'],
  ['ADD --from=a b c', '1:1 unknown flag: --from'],
  [
    'COPY a',
    '1:1 COPY requires at least two arguments, but only one was provided. Destination could not be determined',
  ],
  [
    'ADD []',
    '1:1 ADD requires at least two arguments, but only one was provided. Destination could not be determined',
  ],
  // A no-break space parts the words of a shell line, not those of an instruction.
  ['COPY "a <<b\u00a0c', 'accepted'],
  ['COPY a <<b\nb', '1:1 COPY cannot accept a heredoc as a destination'],
  ['COPY ["a", 1]', '1:6 when using JSON array syntax, arrays must be comprised of strings only'],
  ['ENV', '1:1 ENV requires at least one argument'],
  ['ENV a', '1:1 ENV must have two arguments'],
  ['ENV a=b c', `1:1 Syntax error - can't find = in "c". Must be of the form: name=value`],
  ['ENV a="b"\vc', `1:1 Syntax error - can't find = in "c". Must be of the form: name=value`],
  ['LABEL =b', '1:1 LABEL names can not be blank'],
  ['ARG', '1:1 ARG requires at least one argument'],
  ['ARG \\\n', '1:1 ARG requires at least one argument'],
  ['ARG =b', '1:1 ARG names can not be blank'],
  ['USER', '1:1 USER requires exactly one argument'],
  ['VOLUME', '1:1 VOLUME requires at least one argument'],
  ['SHELL []', '1:1 SHELL requires at least one argument'],
  ['SHELL a', '1:1 SHELL requires the arguments to be in JSON form'],
  ['HEALTHCHECK', '1:1 HEALTHCHECK requires at least one argument'],
  ['HEALTHCHECK NONE a', '1:1 HEALTHCHECK NONE takes no arguments'],
  ['HEALTHCHECK CMD', '1:1 Missing command after HEALTHCHECK CMD'],
  ['HEALTHCHECK CMD []', '1:1 Missing command after HEALTHCHECK CMD'],
  ['HEALTHCHECK a', '1:1 Unknown type "A" in HEALTHCHECK (try CMD)'],
  ['ONBUILD', '1:1 ONBUILD requires at least one argument'],
  ['ONBUILD ONBUILD RUN a', "1:1 Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"],
  ['ONBUILD from a', "1:1 FROM isn't allowed as an ONBUILD trigger"],
  ['ONBUILD MAINTAINER a', "1:1 MAINTAINER isn't allowed as an ONBUILD trigger"],
  ['ONBUILD --x RUN a', '1:1 unknown flag: --x'],
  ['RUN --mount= a', '1:1 failed to parse csv mounts: ""'],
  ['RUN --mount=a\\"b a', '1:1 failed to parse csv mounts: "a\\"b"'],
  ['RUN --mount=\\"a\\"b a', '1:1 failed to parse csv mounts: "\\"a\\"b"'],
  ['RUN --mount=\\"a a', '1:1 failed to parse csv mounts: "\\"a"'],
  ['RUN --mount=from=$a b', "1:1 'from' doesn't support variable expansion, define alias stage instead"],
  ['FROM a\nRUN <<E\nb\n', '2:1 unterminated heredoc'],
  ['RUN <<"E', 'accepted'],
  [
    'RUN ${x:-" <<E"}',
    '1:1 failed to process "E\\"}": unexpected end of statement while looking for matching double-quote',
  ],
  ['RUN --mount=\\"a\\"\\"b\\",ro a', 'accepted'],
  ['ENV a=b\\\\\\', 'accepted'],
  ['FROM a\n#' + 'x'.repeat(65_535), '2:1 dockerfile line greater than max allowed size of 65535'],
  ['FROM a\n#' + '\u0800'.repeat(21_844) + '\n', 'accepted'],
  ['FROM a\n#' + 'é'.repeat(32_768) + '\n', '2:1 dockerfile line greater than max allowed size of 65535'],
  ['FROM a\n#' + '\udcff'.repeat(65_534) + '\n', 'accepted'],
  ['FROM a\n#' + '\ud83d\ude00'.repeat(16_384), '2:1 dockerfile line greater than max allowed size of 65535'],
])('%.60j: %s', (text, expected) => {
  expect(failure(text)).toBe(expected);
});

describe('anything', () => {
  const choices =
    'FROM a|FROM a AS b|RUN a \\|RUN <<E|COPY <<-"E" /x|E|\tE|# escape=`|#||\\|COPY --from=b ["a", "b"]|' +
    'ONBUILD COPY a b|ENV a=$b|ARG c|RUN --mount=from=a,target=/b c';
  const line = fc.constantFrom(...choices.split('|'));
  const noise = fc.constantFrom(
    ...'" \' \\ ` $ { } [ ] , = - -- << <<- # \ufeff \u00a0 \udcff é  \r'.split(' '),
  );
  const dockerfile = fc
    .array(fc.oneof(fc.tuple(line, noise), fc.tuple(line, fc.constant('')), fc.tuple(noise, noise)))
    .map((lines) => lines.map((parts) => parts.join('')).join('\n'));

  test('gives a result or a located error', () => {
    fc.assert(
      fc.property(fc.oneof(dockerfile, fc.string({ unit: 'binary' })), (text) => {
        expect(failure(text)).toMatch(/^accepted$|^\d+:\d+ /);
      }),
      { numRuns: runs(2000) },
    );
  });

  test('reads the same line the same way wherever it stood before', () => {
    fc.assert(
      fc.property(dockerfile, dockerfile, (text, before) => {
        const read = () => [outline(text), parseDockerfile(text).instructions];
        fc.pre(failure(text) === 'accepted');
        const first = read();
        failure(`# moved\n\n${text}\n${before}`);
        failure(`# escape=\`\n${text}`);
        failure(before);
        expect(read()).toEqual(first);
      }),
    );
  });

  test('keeps instructions in ascending, disjoint lines', () => {
    fc.assert(
      fc.property(dockerfile, (text) => {
        fc.pre(failure(text) === 'accepted');
        let last = 0;
        for (const { line: start, endLine } of parseDockerfile(text).instructions) {
          expect(start).toBeGreaterThan(last);
          expect(endLine).toBeGreaterThanOrEqual(start);
          last = endLine;
        }
      }),
    );
  });

  test('deep JSON and long lines take no time', () => {
    expect(failure(`CMD ${'['.repeat(60_000)}`)).toBe('accepted');
    expect(failure(`ENV a=${'"'.repeat(60_000)}`)).toBe('accepted');
    expect(failure(`RUN ${'<'.repeat(60_000)}`)).toBe('accepted');
    expect(failure(`#${' '.repeat(60_000)}\nFROM a`)).toBe('accepted');
    expect(failure(`FROM a\n${'RUN x \\\n'.repeat(20_000)}`)).toBe('accepted');
    expect(failure(`FROM a\n${'ONBUILD '.repeat(8000)}`)).toContain('Chaining ONBUILD');
    expect(failure(`FROM a\n${'ONBUILD \\\n'.repeat(20_000)}`)).toContain('Chaining ONBUILD');
  });
});

describe('a line that was read before', () => {
  test('stands where it stands now', () => {
    expect(outline('FROM a\nCOPY x /')).toEqual(['1-1 FROM a', '2-2 COPY x /']);
    expect(outline('FROM a\n\n# c\nCOPY x \\\n/')).toEqual(['1-1 FROM a', '4-5 COPY x /']);
    const [, moved] = parseDockerfile('FROM a\n\n\n  COPY x /').instructions;
    const [, again] = parseDockerfile('FROM a\n  COPY x /').instructions;
    expect([moved?.source.line, again?.source.line]).toEqual([4, 2]);
  });

  test('is another one where another character escapes', () => {
    const copy = 'FROM a\nCOPY --chown=b\\ c d /';
    expect(outline(copy)).toEqual(['1-1 FROM a', '2-2 COPY --chown=b c d /']);
    expect(outline(`# escape=\`\n${copy}`)).toEqual(['2-2 FROM a', '3-3 COPY --chown=b\\ c d /']);
  });

  test('has the heredoc that follows it now', () => {
    const bodyOf = (text: string) => parseDockerfile(text).instructions[1]?.heredocs[0]?.content;
    expect(bodyOf('FROM a\nRUN <<E\none\nE')).toBe('one\n');
    expect(bodyOf('FROM a\nRUN <<E\ntwo\nE')).toBe('two\n');
  });

  test('defers what stands where it stands now', () => {
    const triggerOf = (text: string) => parseDockerfile(text).instructions.at(-1)?.trigger;
    expect(triggerOf('FROM a\nONBUILD COPY x /')?.line).toBe(2);
    expect(triggerOf('FROM a\n\nONBUILD COPY x /')?.line).toBe(3);
  });
});
