import type { Flag, Instruction } from '../instruction.ts';
import { mountOptions } from '../mounts.ts';
import type { Construct } from './differences.ts';
import { placeOfFlag, type Report, type StageSettings } from './found.ts';
import { heredocConstructs } from './run-heredoc.ts';

const MOUNTS: Readonly<Record<string, Construct>> = {
  bind: 'run-mount-bind',
  cache: 'run-mount-cache',
  secret: 'run-mount-secret',
  ssh: 'run-mount-ssh',
  tmpfs: 'run-mount-tmpfs',
};
/** The value that changes nothing, by flag. */
const FLAGS: Readonly<Record<string, { construct: Construct; harmless: string | undefined }>> = {
  network: { construct: 'run-network', harmless: 'default' },
  security: { construct: 'run-security', harmless: undefined },
  device: { construct: 'run-device', harmless: undefined },
};

export function runConstructs(run: Instruction, { user, shell, volumes }: StageSettings): Report[] {
  const volume = volumes.find((path) => namesPath(run.arguments, path));
  const group = user && /:\S/.test(user.arguments);
  return [
    ...run.flags.flatMap((flag) => flagConstructs(run, flag)),
    ...heredocConstructs(run, shell),
    ...(group ? [{ construct: 'run-as-group', shown: `RUN after USER ${user.arguments}` } as const] : []),
    ...(volume === undefined
      ? []
      : [{ construct: 'volume-written', shown: `RUN after VOLUME ${volume}` } as const]),
  ];
}

function flagConstructs(run: Instruction, flag: Flag): Report[] {
  const { name, value = '' } = flag;
  const shown = `RUN --${name}=${value}`;
  const place = placeOfFlag(run, flag);
  if (name === 'mount') {
    const construct = mountConstruct(value);
    return construct === undefined ? [] : [{ construct, shown, place }];
  }
  const known = FLAGS[name];
  return known === undefined || value === known.harmless
    ? []
    : [{ construct: known.construct, shown, place }];
}

function mountConstruct(value: string): Construct | undefined {
  const options = mountOptions(value) ?? [];
  const valueOf = (wanted: string) => options.findLast(({ key }) => key === wanted)?.value;
  const type = (valueOf('type') ?? 'bind').toLowerCase();
  // `context` is what BuildKit, too, calls the build context.
  if (type === 'bind' && !['', 'context'].includes(valueOf('from') ?? '')) return 'run-mount-from';
  return Object.hasOwn(MOUNTS, type) ? MOUNTS[type] : undefined;
}

/** Whether a command speaks of a path or of one below it. */
function namesPath(command: string, path: string): boolean {
  for (let at = command.indexOf(path); at >= 0; at = command.indexOf(path, at + 1)) {
    const [before, after] = [command.charAt(at - 1), command.charAt(at + path.length)];
    if (/^[\s"'=:>]?$/.test(before) && /^[\s"'/;&|)]?$/.test(after)) return true;
  }
  return false;
}
