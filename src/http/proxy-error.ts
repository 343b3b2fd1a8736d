import type { Proxy } from './proxies.ts';

/** A proxy did not let a request through. Nothing of a log-in to it is part of what is told. */
export class ProxyError extends Error {
  /** The variable that names it, and where it is. */
  readonly proxy: string;
  readonly reason: string;
  /** Whether it may let the same request through a little later. */
  readonly mayPass: boolean;

  constructor(proxy: Proxy, { reason, mayPass }: { reason: string; mayPass: boolean }) {
    super('a proxy lets nothing through');
    this.name = 'ProxyError';
    const { variable, url } = proxy;
    this.proxy = url?.host ? `${url.protocol}//${url.host} (${variable})` : variable;
    this.reason = reason;
    this.mayPass = mayPass;
  }

  static ofStatus(proxy: Proxy, status: number): ProxyError {
    return new ProxyError(proxy, { reason: `it answers with ${status}`, mayPass: status >= 500 });
  }

  /** It can't be reached, or breaks off. */
  static of(proxy: Proxy, error: NodeJS.ErrnoException): ProxyError {
    return new ProxyError(proxy, { reason: error.code ?? error.name, mayPass: true });
  }
}
