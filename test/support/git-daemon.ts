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

/**
 * Serves a repository by git's own protocol on a port of this machine until the running test ends. Returns its URL.
 *
 * @param options.onSent Is told how many bytes the server sends.
 */
export async function serve(
  repository: TestRepository,
  options: { fault?: Fault; onSent?: (bytes: number) => void } = {},
): Promise<string> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    if (options.fault?.kind !== 'mute') answer({ socket, repository, ...options, fault: options.fault });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return `git://127.0.0.1:${port}/${basename(repository.dir)}`;
}

function answer(options: {
  socket: Socket;
  repository: TestRepository;
  fault: Exclude<Fault, { kind: 'mute' }> | undefined;
  onSent?: (bytes: number) => void;
}): void {
  const { socket, repository, fault, onSent } = options;
  const args = ['daemon', '--inetd', '--export-all', `--base-path=${dirname(repository.dir)}`];
  const child = spawn('git', args, { env: gitEnvironment, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => {});
  child.stdout.on('data', (chunk: Buffer) => onSent?.(chunk.length));
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
