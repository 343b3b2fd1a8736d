import { lowerCase } from './characters.ts';

/** One `key=value` of a `RUN --mount`, not expanded. */
export interface MountOption {
  key: string;
  value: string | undefined;
  /** Where the first and the last character of `value` stand in the flag. */
  first: number;
  last: number;
}

/** A field of a comma-separated line: its text, where each character of it stands, and where the field ends. */
interface Field {
  text: string;
  offsetOf: (index: number) => number;
  end: number;
}

/** What a mount brings into the build. Empty `source` is the root of where it comes from. */
interface Mount {
  type: string;
  /** Stage or image; undefined for the build context. Never expanded. */
  from: MountOption | undefined;
  source: string;
}

const TYPES = new Set(['bind', 'cache', 'tmpfs', 'secret', 'ssh']);
const SWITCHES = ['readonly', 'ro', 'readwrite', 'rw', 'required'];
const OTHER_KEYS = 'type from source src target dst destination id sharing size mode uid gid env'.split(' ');
const KEYS = new Set([...SWITCHES, ...OTHER_KEYS]);

/** The sentence with which BuildKit refuses a mount before anything is expanded, if it does. */
export function mountProblem(flag: string): string | undefined {
  const options = mountOptions(flag);
  if (options === undefined) return `failed to parse csv mounts: ${JSON.stringify(flag)}`;
  // A dollar at the very end is no variable.
  return options.some(({ key, value }) => key === 'from' && /\$./s.test(value ?? ''))
    ? "'from' doesn't support variable expansion, define alias stage instead"
    : undefined;
}

/**
 * The mount of a checked `--mount` flag, its values expanded by `expand` (BuildKit frontend/dockerfile/instructions,
 * parseMount). Returns the sentence BuildKit refuses it with instead.
 */
export function readMount(flag: string, expand: (word: string, key: string) => string): Mount | string {
  const mount: Mount = { type: 'bind', from: undefined, source: '' };
  for (const option of mountOptions(flag) ?? []) {
    const { key } = option;
    if (!KEYS.has(key)) return `unexpected key '${key}' in --mount=${flag}`;
    if (option.value === undefined) {
      if (!SWITCHES.includes(key)) {
        return `invalid field '${key}' must be a key=value pair`;
      }
      continue;
    }
    const value = expand(option.value, key);
    if (key === 'type') mount.type = lowerCase(value);
    if (key === 'from') mount.from = option.value === '' ? undefined : option;
    if (key === 'source' || key === 'src') mount.source = value;
  }
  if (!TYPES.has(mount.type)) return `unsupported mount type ${JSON.stringify(mount.type)}`;
  if (mount.type === 'secret' && mount.from !== undefined) return 'secret mount should not have a from';
  return mount;
}

/** The comma-separated fields, as Go's encoding/csv reads one line; undefined when it would not. */
export function mountOptions(flag: string): MountOption[] | undefined {
  if (flag === '') return undefined;
  const options: MountOption[] = [];
  for (let at = 0; at <= flag.length; at += 1) {
    const field = flag[at] === '"' ? quotedField(flag, at + 1) : bareField(flag, at);
    if (field === undefined) return undefined;
    options.push(toOption(field));
    at = field.end;
  }
  return options;
}

function bareField(flag: string, start: number): Field | undefined {
  const comma = flag.indexOf(',', start);
  const end = comma === -1 ? flag.length : comma;
  const text = flag.slice(start, end);
  return text.includes('"') ? undefined : { text, offsetOf: (index) => start + index, end };
}

function quotedField(flag: string, start: number): Field | undefined {
  const from: number[] = [];
  let text = '';
  for (let at = start; at < flag.length; at += 1) {
    if (flag[at] === '"' && flag[at + 1] !== '"') {
      const end = at + 1;
      const closed = end === flag.length || flag[end] === ',';
      return closed ? { text, offsetOf: (index) => from[index] as number, end } : undefined;
    }
    text += flag.charAt(at);
    from.push(at);
    if (flag[at] === '"') at += 1;
  }
  return undefined;
}

function toOption({ text, offsetOf }: Field): MountOption {
  const equals = text.indexOf('=');
  if (equals === -1) return { key: lowerCase(text), value: undefined, first: 0, last: 0 };
  const value = text.slice(equals + 1);
  return {
    key: lowerCase(text.slice(0, equals)),
    value,
    first: value === '' ? 0 : offsetOf(equals + 1),
    last: value === '' ? 0 : offsetOf(text.length - 1),
  };
}
