import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** All in PEM. */
export interface Authority {
  /** What whoever shall trust it has to know. */
  readonly certificate: string;
  readonly server: { readonly key: string; readonly cert: string };
}

/** A certificate authority that nobody knows, and a server's certificate by it for these hosts and loopback. */
export async function createAuthority(hosts: readonly string[]): Promise<Authority> {
  const directory = await mkdtemp(join(tmpdir(), 'authority-'));
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: directory });
  const read = (file: string) => readFile(join(directory, file), 'utf8');
  const key = ['-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  try {
    await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=our own');
    await openssl(
      'req',
      '-new',
      ...key,
      '-keyout',
      'server.key',
      '-out',
      'server.csr',
      '-subj',
      '/CN=server',
    );
    const names = ['IP:127.0.0.1', ...hosts.map((host) => `DNS:${host}`)];
    await writeFile(join(directory, 'names'), `subjectAltName=${names.join(',')}\n`);
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names'];
    await openssl('x509', '-req', '-in', 'server.csr', '-out', 'server.pem', ...by);
    const server = { key: await read('server.key'), cert: await read('server.pem') };
    return { certificate: await read('ca.pem'), server };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
