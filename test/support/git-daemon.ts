import { spawn } from 'node:child_process';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { dirname, basename } from 'node:path';
import { onTestFinished } from 'vitest';
import { gitEnvironment, type TestRepository } from './repository.ts';

/** What goes wrong between git and a server. Bytes count from the beginning of a pack. */
export type Fault =
  | { kind: 'mute' }
  /** The connection breaks. */
  | { kind: 'cut'; bytes: number }
  /** Nothing comes any more. */
  | { kind: 'stall'; bytes: number };

/** Serves a repository by git's own protocol on a port of this machine until the running test ends. Returns its URL. */
export async function serve(repository: TestRepository, fault?: Fault): Promise<string> {
  const { url, close } = await startDaemon(repository, fault);
  onTestFinished(close);
  return url;
}

/** As `serve`, until it is closed. */
export async function startDaemon(
  repository: TestRepository,
  fault?: Fault,
): Promise<{ url: string; close: () => Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    if (fault?.kind !== 'mute') answer(socket, repository, fault);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      for (const socket of open) socket.destroy();
    });
  return { url: `git://127.0.0.1:${port}/${basename(repository.dir)}`, close };
}

function answer(
  socket: Socket,
  repository: TestRepository,
  fault: Exclude<Fault, { kind: 'mute' }> | undefined,
) {
  const args = ['daemon', '--inetd', '--export-all', `--base-path=${dirname(repository.dir)}`];
  const child = spawn('git', args, { env: gitEnvironment, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => {});
  socket.pipe(child.stdin);
  socket.on('close', () => child.kill());
  if (fault === undefined) {
    child.stdout.pipe(socket);
    return;
  }
  let sent = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    const before = sent.length;
    sent = Buffer.concat([sent, chunk]);
    const pack = sent.indexOf('PACK');
    const end = pack === -1 ? sent.length : Math.min(sent.length, pack + fault.bytes);
    if (end > before) socket.write(sent.subarray(before, end));
    if (end < sent.length && fault.kind === 'cut') socket.end();
  });
  child.stdout.on('end', () => fault.kind === 'cut' && socket.end());
}
