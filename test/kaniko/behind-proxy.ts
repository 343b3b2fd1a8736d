import { onTestFinished } from 'vitest';
import { createAuthority } from './authority.ts';
import { type Proxy, startProxy } from './proxy.ts';
import type { Registry } from './registry.ts';
import { openGate } from './registry-gate.ts';

/** A registry as a job knows it, that is reached through a proxy, and vouched for by an authority of its own. */
export interface BehindProxy {
  /** Its name, which is found nowhere but at the proxy. */
  readonly host: string;
  readonly proxy: Proxy;
  /** `proxy` under `runner`. */
  readonly settings: { readonly http: string; readonly https: string; readonly no: readonly string[] };
  /** The authority's, in PEM. */
  readonly certificate: string;
  /** GitLab's variables of such a project; OWN_AUTHORITY holds the certificate. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Puts a registry behind a proxy as well, for the running test. */
export async function putBehindProxy(registry: Registry): Promise<BehindProxy> {
  const host = 'registry.example.com';
  const { certificate, server } = await createAuthority([host]);
  const gate = await openGate({ ...registry, stop: async () => {} }, { tls: server });
  onTestFinished(gate.stop);
  const proxy = await startProxy({ [`${host}:443`]: gate.host });
  const url = `http://${proxy.user}:$PROXY_PASSWORD@${proxy.host}`;
  return {
    host,
    proxy,
    settings: { http: url, https: url, no: ['localhost'] },
    certificate,
    variables: {
      CI_REGISTRY: host,
      CI_REGISTRY_IMAGE: `${host}/group/project`,
      CI_REGISTRY_USER: registry.user,
      CI_REGISTRY_PASSWORD: registry.password,
      PROXY_PASSWORD: proxy.password,
      OWN_AUTHORITY: certificate,
    },
  };
}

/** What a builder that uses it asks the proxy for, where its Dockerfiles hold `fetches`. */
export const asksTheProxy = ['CONNECT registry.example.com:443', 'GET http://content.example.com/x'];

/** A RUN that takes a file from elsewhere, which the proxy has: `by the proxy`. */
export const fetches = 'RUN busybox wget -q -O /got http://content.example.com/x\n';
