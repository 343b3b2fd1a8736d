import { splitWords } from './characters.ts';
import { argumentWords, stageName } from './check.ts';
import { frontendDirectives } from './directives.ts';
import { DockerfileError, type Flag, type Instruction, type ParsedDockerfile } from './instruction.ts';
import { argumentPairs, environmentPairs } from './name-values.ts';
import { parseDockerfile } from './parse.ts';

// Also where a registry of one's own mirrors it. Any other frontend may read what this one discards.
const DOCKERFILE_FRONTEND = /(?:^|\/)docker\/dockerfile(?:-upstream)?(?:[:@]|$)/;

/**
 * What a builder reads of a Dockerfile: two texts with the same normal form build the same image from the same
 * context, apart from the wording of its history. Comments, empty lines, line ends and white space between words are
 * no part of it; the texts of shell forms, quoted words, heredocs and triggers are, byte for byte (BuildKit
 * frontend/dockerfile/parser and instructions; Kaniko reads with both).
 *
 * @param args the build arguments: BuildKit takes a frontend and its strictness from them, too.
 * @returns undefined for a Dockerfile that doesn't parse.
 */
export function normalForm(text: string, args: Readonly<Record<string, string>>): string | undefined {
  try {
    const { escape, instructions } = parseDockerfile(text);
    const directives = frontendDirectives(text);
    const syntax = directives.get('syntax');
    const check = directives.get('check');
    const reading = [
      readsAll(syntax, check),
      readsAll(args['BUILDKIT_SYNTAX'], args['BUILDKIT_DOCKERFILE_CHECK']),
    ];
    if (reading.includes(true)) return text;
    return JSON.stringify({
      syntax,
      check,
      escape,
      instructions: instructions.map((instruction) => instructionForm(instruction, escape)),
    });
  } catch (error) {
    if (error instanceof DockerfileError) return undefined;
    throw error;
  }
}

/** Comments, too: an unknown frontend may, and a check that fails the build looks at them and at the style. */
function readsAll(syntax = 'docker/dockerfile', check = ''): boolean {
  const [frontend = ''] = syntax.split(' ');
  return !DOCKERFILE_FRONTEND.test(frontend) || /error/i.test(check);
}

function instructionForm(instruction: Instruction, escape: ParsedDockerfile['escape']): unknown {
  const { keyword, heredocs } = instruction;
  return [keyword, flagsForm(instruction.flags), argumentsForm(instruction, escape), heredocs];
}

/** Only flags of one name depend on their order. */
function flagsForm(flags: readonly Flag[]): unknown {
  return flags
    .map(({ name, value }) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function argumentsForm(instruction: Instruction, escape: ParsedDockerfile['escape']): unknown {
  const { keyword, json, source } = instruction;
  const text = instruction.arguments;
  switch (keyword) {
    case 'ADD':
    case 'COPY':
    case 'EXPOSE':
    case 'VOLUME':
      return argumentWords(instruction);
    case 'FROM':
      return [argumentWords(instruction)[0], stageName(instruction)];
    case 'ENV':
    case 'LABEL':
      return environmentPairs(text, { keyword, escape }).pairs;
    case 'ARG':
      return argumentPairs(text, { escape }).pairs;
    case 'HEALTHCHECK': {
      const [type = '', command] = splitWords(text, true);
      return [type.toUpperCase(), json ?? command];
    }
    case 'ONBUILD':
      // The image keeps it as it is written, white space at its end included.
      return source.text.replace(/^[\t\n\f\r ]*ONBUILD[\t\n\f\r ]*/i, '');
    default:
      return json ?? text;
  }
}
