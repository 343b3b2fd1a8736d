import * as fc from 'fast-check';

/** A Dockerfile as a list of instructions that is yet to be written down, in one of many ways. */
export interface GeneratedDockerfile {
  escape: '\\' | '`';
  instructions: readonly Template[];
}

interface Template {
  line: string;
  /** Bodies of heredocs, each with its delimiter. */
  bodies?: readonly (readonly [body: string, delimiter: string])[];
}

// A space is any white space, `~` white space that JSON allows, `|` a place where a line may be broken, `_` a space of the
// content, `^` the escape character, `%` begins a word in any case, and `@` is where an edit may go.
const TEMPLATES: readonly Template[] = [
  { line: '%FROM --platform=$P@ a/b:1@ %AS s@' },
  { line: '%FROM a@' },
  { line: '%COPY --chown=a:b@ --from=s@ a@ b/c@ /to@' },
  { line: '%COPY ["a_b@"~,~"c@"~]' },
  { line: '%ADD a.tar@ /x@' },
  { line: '%ADD <<EOF /x@', bodies: [['a_ @\n\n# b@\n', 'EOF']] },
  {
    line: '%COPY <<-"E" <<F /x/@',
    bodies: [
      ['\ta@\r\n', 'E'],
      ['@', 'F'],
    ],
  },
  { line: '%RUN a_|b@__c|_d@|&&_"e__f@"' },
  { line: "%RUN --network=none@ --mount=type=cache,target=/a@ --mount=type=cache,target=/b@ x_'y|_@'" },
  { line: '%RUN ["a_b@",~"c@"]' },
  { line: '%RUN cat_<<EOF_|>@x', bodies: [['  a@ ^\n  b\n', 'EOF']] },
  { line: '%CMD a__b@' },
  { line: '%CMD [a,_b@]' },
  { line: '%ENTRYPOINT [~"a@"~,~"b@"]' },
  { line: '%ENV A=b@ C="d__e@" F=g^_h@' },
  { line: '%ENV A b__c@' },
  { line: '%LABEL a="b@" \'c_d@\'=e@' },
  { line: '%ARG A=b@ C@' },
  { line: '%EXPOSE 80@ 443@' },
  { line: '%VOLUME a@ b@' },
  { line: '%VOLUME ["a@"~]' },
  { line: '%SHELL ["a@",~"-c@"]' },
  { line: '%USER a@' },
  { line: '%WORKDIR /a_b@' },
  { line: '%STOPSIGNAL 9@' },
  { line: '%MAINTAINER a__b@' },
  { line: '%HEALTHCHECK --interval=5s@ --retries=3@ %CMD a__b@' },
  { line: '%HEALTHCHECK %CMD ["a@",~"b@"]' },
  { line: '%ONBUILD RUN__a@' },
];

export const generatedDockerfile: fc.Arbitrary<GeneratedDockerfile> = fc.record({
  escape: fc.constantFrom('\\', '`'),
  instructions: fc
    .array(fc.constantFrom(...TEMPLATES), { maxLength: 6 })
    .map((rest) => [{ line: '%FROM a@' }, ...rest]),
});

/** What decides how the bytes that mean nothing are written; a shorter list is used again and again. */
export const choices = fc.array(fc.nat(999), { minLength: 1, maxLength: 60 });

/**
 * The Dockerfile's text.
 *
 * @param options.edit which of the content's marks gets a letter more, if any.
 */
export function writeDockerfile(
  { escape, instructions }: GeneratedDockerfile,
  options: { choices: readonly number[]; edit?: number },
): string {
  let made = 0;
  const pick = (of: readonly string[]): string => {
    made += 1;
    return of[(options.choices[made % options.choices.length] as number) % of.length] as string;
  };
  const newLine = () => pick(['\n', '\r\n']);
  const nothing = () =>
    pick(['', '', '# c', '#', '  # "c\' \\', '', ' \t'].map((line) => (line === '' ? '' : `${line}\n`)));
  const broken = () => `${escape}${pick(['', ' ', '\t'])}${newLine()}${nothing()}${pick(['', '\n'])}`;
  const space = () => pick([' ', ' ', '\t', '  ', ' \f', ` ${broken()} `, `${broken()}\t`, ` ${broken()}`]);
  const write: Record<string, () => string> = {
    ' ': () => space(),
    '~': () => pick(['', ' ', '\t', ` ${broken()} `]),
    '|': () => pick(['', broken()]),
    _: () => ' ',
    '^': () => escape,
  };

  let text = pick(['', '\ufeff']);
  text += escape === '`' || pick(['', 'x']) === 'x' ? `${pick(['# escape=', '#ESCAPE = '])}${escape}\n` : '';
  for (const { line, bodies = [] } of instructions) {
    // What an ONBUILD ends in is kept, and so is what stands in a body.
    const end = line.startsWith('%ONBUILD') ? '' : pick(['', ' ', '\t ', '\u3000']);
    const words = line.replace(/%([A-Z]+)/g, (_, word: string) => pick([word, word.toLowerCase()]));
    text += pick(['', ' ', '\t', '\u00a0']);
    text += words.replace(/[ ~|_^]/g, (mark) => write[mark]?.() ?? mark) + end + newLine();
    for (const [body, delimiter] of bodies) text += `${body.replaceAll('^', escape)}${delimiter}${newLine()}`;
    text += nothing() + nothing();
  }
  let mark = 0;
  return text.replaceAll('@', () => {
    mark += 1;
    return mark - 1 === options.edit ? 'x' : '';
  });
}

/** How many places an edit may go to. */
export function marksOf({ instructions }: GeneratedDockerfile): number {
  return JSON.stringify(instructions).split('@').length - 1;
}
