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
export function platformArguments(platform: string, target: string): Map<string, string> {
  const [os = '', written = '', ...rest] = platform.toLowerCase().split('/');
  const [architecture = '', implied = ''] = (ARCHITECTURES[written] ?? written).split('/');
  const variant = normalVariant(architecture, rest[0] ?? implied);
  const name = [os, architecture, variant].filter((part) => part !== '').join('/');
  const values = new Map<string, string>();
  for (const side of ['BUILD', 'TARGET']) {
    values.set(`${side}PLATFORM`, name);
    values.set(`${side}OS`, os);
    values.set(`${side}OSVERSION`, '');
    values.set(`${side}ARCH`, architecture);
    values.set(`${side}VARIANT`, variant);
  }
  return values.set('TARGETSTAGE', target || 'default');
}

/** containerd/platforms, Normalize. */
function normalVariant(architecture: string, variant: string): string {
  if (architecture === 'arm') return variant === '' ? 'v7' : variant.replace(/^(?=\d)/, 'v');
  if (architecture === 'arm64') return variant === '8' || variant === 'v8' ? '' : variant;
  return architecture === 'amd64' && variant === 'v1' ? '' : variant;
}
