import type { GlobalValue } from './globals.ts';

const ARCHITECTURES: Record<string, string> = {
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  armhf: 'arm/v7',
  armel: 'arm/v6',
  i386: '386',
};

/**
 * The arguments every build has without declaring them in the global scope (BuildKit frontend/dockerfile/dockerfile2llb,
 * defaultArgs), built where it runs. `platform` is `os/architecture` or `os/architecture/variant`.
 */
export function platformArguments(platform: string, target: string): ReadonlyMap<string, GlobalValue> {
  const key = `${platform}\0${target}`;
  const values =
    known.get(key) ?? new Map([...valuesOf(platform), ['TARGETSTAGE', valueOf(target || 'default')]]);
  if (known.size === MOST_KNOWN) known.clear();
  known.set(key, values);
  return values;
}

/** Nearly all builds are for the same platform, and their stages have few names. */
const known = new Map<string, ReadonlyMap<string, GlobalValue>>();
const MOST_KNOWN = 100;

function valuesOf(platform: string): readonly (readonly [string, GlobalValue])[] {
  const [os = '', written = '', ...rest] = platform.toLowerCase().split('/');
  const [architecture = '', implied = ''] = (ARCHITECTURES[written] ?? written).split('/');
  const variant = normalVariant(architecture, rest[0] ?? implied);
  const name = [os, architecture, variant].filter((part) => part !== '').join('/');
  return ['BUILD', 'TARGET'].flatMap((side) => [
    [`${side}PLATFORM`, valueOf(name)],
    [`${side}OS`, valueOf(os)],
    [`${side}OSVERSION`, valueOf('')],
    [`${side}ARCH`, valueOf(architecture)],
    [`${side}VARIANT`, valueOf(variant)],
  ]);
}

function valueOf(text: string): GlobalValue {
  return { text, unknown: [], gaps: [] };
}

/** containerd/platforms, Normalize. */
function normalVariant(architecture: string, variant: string): string {
  if (architecture === 'arm') return variant === '' ? 'v7' : variant.replace(/^(?=\d)/, 'v');
  if (architecture === 'arm64') return variant === '8' || variant === 'v8' ? '' : variant;
  return architecture === 'amd64' && variant === 'v1' ? '' : variant;
}
