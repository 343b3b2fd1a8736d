import { parseArgs } from 'node:util';
import { buildKind } from './build-kind.ts';
import { compare, type Outcome } from './compare.ts';
import { readCorpus } from './corpus.ts';
import { dockerfileKind } from './dockerfile-kind.ts';
import { buildkitDirectory, startGoSide } from './go-side.ts';
import { ignoreKind, matchKind } from './pattern-kinds.ts';
import { wordKind } from './word-kind.ts';

/** Compares with moby's own code; the exit code is 1 where something differs that nobody meant. */
export async function main(options: {
  argv: readonly string[];
  directory: string;
  scratch: string;
}): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...options.argv],
    allowPositionals: true,
    options: {
      cases: { type: 'string', default: '15000' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 31)) },
      kind: { type: 'string' },
      corpus: { type: 'string', multiple: true, default: [] },
    },
  });
  const cases = Number(values.cases);
  const seed = Number(values.seed);
  const { ask, close } = startGoSide(options.directory, options.scratch);
  const { dockerfiles, ignoreFiles } = readCorpus([
    buildkitDirectory(options.directory),
    ...values.corpus,
    ...positionals,
  ]);
  say(`seed ${seed}; ${dockerfiles.length} real Dockerfiles, ${ignoreFiles.length} real ignore files`);
  const kinds = [
    dockerfileKind(dockerfiles),
    wordKind(),
    ignoreKind(ignoreFiles),
    matchKind(),
    buildKind(dockerfiles),
  ].filter(({ name }) => values.kind === undefined || name === values.kind);
  let failed = false;
  for (const kind of kinds) {
    const outcome = await compare(kind as Parameters<typeof compare>[0], { ask, cases, seed });
    report(kind.name, outcome);
    failed ||= outcome.difference !== undefined;
  }
  close();
  return failed ? 1 : 0;
}

function report(name: string, { cases, refused, intended, difference }: Outcome): void {
  say(
    `${name}: ${cases} cases, ${refused} refused by Go, ${difference ? 'A DIFFERENCE' : 'no unexplained difference'}`,
  );
  for (const [reason, count] of intended) say(`  ${count} intended: ${reason}`);
  if (difference) say(JSON.stringify(difference, undefined, 2));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
