/** An external reference in full, as `docker.io/library/alpine:3.23`, and the digest where it names one. */
export interface CanonicalReference {
  name: string;
  digest: string | undefined;
}

/**
 * What a builder makes of a reference: Docker Hub and its `library/` where no registry and no namespace is named, `latest`
 * where neither tag nor digest is (distribution reference grammar, ParseNormalizedNamed and TagNameOnly). Undefined for what
 * is no reference.
 */
export function canonicalReference(reference: string): CanonicalReference | undefined {
  const [, name = '', tag, digest] =
    /^([a-zA-Z0-9][\w.:/-]*?)(?::(\w[\w.-]{0,127}))?(?:@([a-z0-9]+:[0-9a-f]{32,}))?$/.exec(reference) ?? [];
  if (name === '') return undefined;
  const [first = '', ...rest] = name.split('/');
  const isRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = isRegistry ? rest.join('/') : name;
  const host = isRegistry && first !== 'index.docker.io' ? first : 'docker.io';
  if (!/^[a-z0-9][a-z0-9._/-]*$/.test(path)) return undefined;
  const full = host === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  const ending = tag ?? (digest === undefined ? 'latest' : undefined);
  return { name: `${host}/${full}${ending === undefined ? '' : `:${ending}`}`, digest };
}
