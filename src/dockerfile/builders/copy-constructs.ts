import { argumentWords, isHeredoc } from '../check.ts';
import type { Flag, Instruction } from '../instruction.ts';
import { isRemote } from '../source-kind.ts';
import { placeOfFlag, type Report, type StageSettings } from './found.ts';

/** What a COPY or an ADD shows. */
export function copyConstructs(copy: Instruction, { user, volumes }: StageSettings): Report[] {
  const { keyword, flags } = copy;
  const words = argumentWords(copy);
  const destination = words.at(-1) as string;
  const fromContext = !flags.some(({ name, value }) => name === 'from' && value !== '');
  const isOwned = flags.some(({ name }) => name === 'chown');
  const volume = volumes.find((path) => destination === path || destination.startsWith(`${path}/`));
  const found: Report[] = flags.flatMap((flag) => flagConstructs(copy, flag));
  if (words.some(isHeredoc)) found.push({ construct: 'copy-heredoc', shown: `${keyword} <<` });
  if (copy.heredocs.some(({ expand, content }) => expand && /[$\\]/.test(content)))
    found.push({ construct: 'copy-heredoc-expanded', shown: `${keyword} <<` });
  if (fromContext && !isOwned && user && !/^(?:root|0)(?::|$)/.test(user.arguments))
    found.push({ construct: 'copy-as-user', shown: `${keyword} after USER ${user.arguments}` });
  if (volume !== undefined)
    found.push({ construct: 'volume-written', shown: `${keyword} after VOLUME ${volume}` });
  if (keyword === 'ADD')
    for (const source of words.slice(0, -1).filter(isRepository))
      found.push({ construct: 'add-git', shown: `ADD ${source}` });
  return found;
}

function flagConstructs(copy: Instruction, flag: Flag): Report[] {
  const { name, value } = flag;
  const shown = `${copy.keyword} --${name}${value === undefined ? '' : `=${value}`}`;
  const place = placeOfFlag(copy, flag);
  const isOn = value?.toLowerCase() !== 'false';
  switch (name) {
    case 'parents':
      return isOn ? [{ construct: 'copy-parents', shown, place }] : [];
    case 'exclude':
      return [{ construct: 'copy-exclude', shown, place }];
    case 'checksum':
      return [{ construct: 'add-checksum', shown, place }];
    case 'keep-git-dir':
      return isOn ? [{ construct: 'add-keep-git-dir', shown, place }] : [];
    case 'unpack': {
      const sources = argumentWords(copy).slice(0, -1);
      // What builders do without the flag: local archives are unpacked, remote ones are not.
      const differs = sources.some((source) => isRemote(source) === isOn);
      return [
        { construct: 'add-unpack', shown, place },
        ...(differs ? [{ construct: 'add-unpack-otherwise', shown, place } as const] : []),
      ];
    }
    case 'chmod':
      return /^[0-7]+$|\$/.test(value ?? '') ? [] : [{ construct: 'chmod-symbolic', shown, place }];
    default:
      return [];
  }
}

/** A URL that is no git repository is fetched by all builders. */
function isRepository(source: string): boolean {
  return isRemote(source) && (!/^(?:https?|ftp):/.test(source) || /^[^?#]*\.git(?:[?#]|$)/i.test(source));
}
