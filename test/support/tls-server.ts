import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { onTestFinished } from 'vitest';

/** Whether certificates can be made here. */
export const openssl = (() => {
  try {
    return execFileSync('openssl', ['version']).length > 0;
  } catch {
    return false;
  }
})();

/** Speaks TLS as a server of this name, and hands on what it is told to a port of this machine, for one test. */
export async function startTls(options: {
  name: string;
  port: number;
}): Promise<{ port: number; certificate: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'affected-tls-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [key, certificate] = [join(directory, 'key'), join(directory, 'certificate')];
  const subject = ['-subj', `/CN=${options.name}`, '-addext', `subjectAltName=DNS:${options.name}`];
  const to = ['-days', '1', '-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', ...subject, ...to], {
    stdio: 'ignore',
  });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (socket) => {
    const onward = connect(options.port, '127.0.0.1');
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, certificate };
}
