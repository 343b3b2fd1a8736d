import { frontendDirectives } from '../directives.ts';
import type { Found } from './found.ts';

/** Docker's own frontend, which every builder's parser is made after. */
const OWN = /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/;

/** A `# syntax=` that has BuildKit read the file by another program's rules. */
export function frontendConstructs(text: string): Found[] {
  const syntax = frontendDirectives(text).get('syntax');
  if (syntax === undefined || OWN.test(syntax)) return [];
  const line = text.split('\n').findIndex((each) => /^\s*#\s*syntax\s*=/i.test(each)) + 1;
  return [{ construct: 'syntax', shown: `# syntax=${syntax}`, line, column: 1 }];
}
