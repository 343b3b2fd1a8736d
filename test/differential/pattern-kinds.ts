import fc from 'fast-check';
import { compileSource } from '../../src/dockerfile/copy-source.ts';
import { cleanPath, compileGoMatch } from '../../src/dockerfile/go-match.ts';
import { IgnoreFileError, isIgnored, parseIgnoreFile } from '../../src/dockerfile/ignore-file.ts';
import { type Answer, bytes, type Kind, wellDecoded } from './kind.ts';
import { mutated, pieced } from './texts.ts';

interface Tried {
  text: string;
  path: string;
}

const PLAIN = 'a b c ab x.go / / / * ** **/ /** ? *.go [a-c] !'.split(' ');
const ODD = [
  ...'a b c ab a.b / / / * * ** **/ /** ? [a-c] [^a] [a [] [-a] [a* [?*] [**] ] \\ \\* \\a \\d \\S \\['.split(
    ' ',
  ),
  ...'+ ( | { } $ ^ . .. ./ é € [é-ü] [\\]a] [^\\w] [!a] - [*] [[a?] A [\\d-b] [\\q] # !'.split(' '),
  ...['\udc80', '\udcff', '\ufffd', ' ', '\ufeff', '\u0085', '\u00a0', '\t', '\r'],
];
const pattern = fc.oneof(pieced(PLAIN, { maxLength: 6 }), pieced(ODD, { maxLength: 7 }));

const NAMES = [
  ...'a b c ab a.b x.go / / / / + ( $ é € . - d [ ] * \\ A'.split(' '),
  ...['\n', '\udc80', '\udcff', '\ufffd', '\ufeff'],
];
const path = wellDecoded(
  fc.oneof(
    pieced(['a', 'b', 'c', 'ab', 'x.go', '/', '/', '/'], { maxLength: 7 }),
    pieced(NAMES, { maxLength: 7 }),
  ),
).map((text) => cleanPath(`/${text}`).slice(1) || 'a');

/** A whole .dockerignore file asked of one path, by Docker's rules and Kaniko's. */
export function ignoreKind(ignoreFiles: readonly string[]): Kind<Tried> {
  const line = fc
    .tuple(
      fc.constantFrom('', '', '', '', '!', '! ', '/', '#', ' ', '!/', '\ufeff', '\u0085', '!!'),
      pattern,
      fc.constantFrom('', '', '', '\r', ' ', '/', '\t'),
    )
    .map((parts) => parts.join(''));
  const lines = fc
    .tuple(fc.constantFrom('', '', '', '\ufeff'), fc.array(line, { minLength: 1, maxLength: 4 }))
    .map(([mark, all]) => mark + all.join('\n'));
  const fragments = PLAIN.map((piece) => `${piece}\n`);
  const real = ignoreFiles.length === 0 ? lines : mutated(ignoreFiles, fragments);
  const text = wellDecoded(fc.oneof({ weight: 4, arbitrary: lines }, { weight: 1, arbitrary: real }));
  return {
    name: 'ignore',
    cases: fc.record({ text, path }),
    examples: ignoreFiles.flatMap((file) => namesIn(file).map((name) => ({ text: file, path: name }))),
    question: (one) => ({ Kind: 'ignore', Text: bytes(one.text), Path: bytes(one.path) }),
    answer: (one) => {
      try {
        const patterns = parseIgnoreFile(one.text);
        const [docker, kaniko] = [
          isIgnored(patterns, one.path, 'docker'),
          isIgnored(patterns, one.path, 'kaniko'),
        ];
        return { value: { docker, kaniko } };
      } catch (error) {
        if (error instanceof IgnoreFileError) return { refused: error.message };
        throw error;
      }
    },
    intended: [],
  };
}

/** Paths that a real ignore file may mean. */
function namesIn(file: string): string[] {
  return file
    .split('\n')
    .map((line) => cleanPath(line.replaceAll('**', 'a/b').replace(/[!*?\s]/g, '')))
    .filter((name) => /^[^/.#]/.test(name))
    .flatMap((name) => [name, `${name}/x`, `a/${name}`]);
}

/** One wildcard pattern of COPY asked of one name (filepath.Match), and what the source then selects. */
export function matchKind(): Kind<Tried> {
  return {
    name: 'match',
    cases: fc.record({ text: wellDecoded(pattern), path }),
    examples: [],
    question: (one) => ({ Kind: 'match', Text: bytes(one.text), Path: bytes(one.path) }),
    answer: (one) => {
      const match = compileGoMatch(one.text)(one.path);
      const selects = compileSource({ source: one.text, parents: false, exclude: [], literal: false });
      return {
        value: { match: match === 'malformed' ? match : match ? 'yes' : 'no', selects: selects(one.path) },
      };
    },
    intended: [
      {
        reason:
          'what stands before the first wildcard counts as it is written too, backslashes included, as BuildKit reads it',
        applies: ({ one, theirs, ours }) => one.text.includes('\\') && selectsMore(ours, theirs),
      },
    ],
  };
}

function selectsMore(ours: Answer, theirs: Answer): boolean {
  const [wider, exact] = [ours.value, theirs.value] as { match: string; selects: boolean }[];
  return wider?.match === exact?.match && wider?.selects === true;
}
