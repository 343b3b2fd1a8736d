import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Registry {
  /** `<address>:<port>` on loopback, plain HTTP. */
  readonly host: string;
  readonly user: string;
  readonly password: string;
  stop(): Promise<void>;
}

/** Starts Debian's docker-registry on a free port, empty, and open to none but one user. */
export async function startRegistry(program: string): Promise<Registry> {
  const directory = await mkdtemp(join(tmpdir(), 'registry-'));
  const user = 'gitlab-ci-token';
  const password = randomBytes(16).toString('hex');
  await writeFile(join(directory, 'htpasswd'), `${user}:${bcrypt(password)}\n`);
  await writeFile(join(directory, 'config.json'), JSON.stringify(configuration(directory)));
  const child = spawn(program, ['serve', join(directory, 'config.json')], {
    env: { OTEL_TRACES_EXPORTER: 'none' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const closed = once(child, 'close');
  const stop = async () => {
    child.kill();
    await closed;
    await rm(directory, { recursive: true, force: true });
  };
  const host = await listening(child.stderr);
  if (host !== undefined) return { host, user, password, stop };
  await stop();
  throw new Error(`${program} ended before it listened.`);
}

/** YAML, of which JSON is a part. Source: the package's configuration.md. */
function configuration(directory: string): unknown {
  return {
    version: '0.1',
    log: { level: 'info', formatter: 'json', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: join(directory, 'storage') },
      delete: { enabled: true },
    },
    http: { addr: '127.0.0.1:0' },
    auth: { htpasswd: { realm: 'registry', path: join(directory, 'htpasswd') } },
  };
}

/** The registry takes bcrypt alone, which neither Node nor openssl has: Perl asks the C library. */
function bcrypt(password: string): string {
  const salt = `$2b$05$${randomBytes(16).toString('hex').slice(0, 22)}`;
  const program = 'print crypt($ENV{PASSWORD}, $ENV{SALT})';
  return execFileSync('perl', ['-e', program], { env: { PASSWORD: password, SALT: salt }, encoding: 'utf8' });
}

/** The address it says it listens on. Reads on to the end, so that the registry never waits for its log. */
async function listening(log: NodeJS.ReadableStream): Promise<string | undefined> {
  const lines = createInterface({ input: log });
  return await new Promise((resolve) => {
    lines.on('line', (line) => {
      const address = /listening on ([\d.]+:\d+)/u.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
    lines.on('close', () => resolve(undefined));
  });
}
