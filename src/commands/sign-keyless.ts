import { spawn } from 'node:child_process';
import { AffectedError } from '../errors.ts';
import type { Surroundings } from '../run.ts';

/**
 * Signs one image with the identity of this job, by cosign. It logs in to the registry as docker does, and takes the
 * job's ID token from SIGSTORE_ID_TOKEN.
 *
 * @param reference `<registry>/<repository>@<digest>`
 * @throws AffectedError `not-signed`.
 */
export async function signKeyless(reference: string, surroundings: Surroundings): Promise<void> {
  const { env, cwd, stderr } = surroundings;
  const outcome = await new Promise<string | undefined>((resolve) => {
    const child = spawn('cosign', ['sign', '--yes', reference], {
      env: env as NodeJS.ProcessEnv,
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => stderr(text));
    }
    child.on('error', ({ code, message }: NodeJS.ErrnoException) =>
      resolve(
        code === 'ENOENT' ? 'there is no cosign on the PATH' : `cosign could not be started: ${message}`,
      ),
    );
    child.on('close', (code) => resolve(code === 0 ? undefined : `cosign ended with ${code ?? 'a signal'}`));
  });
  if (outcome === undefined) return;
  throw new AffectedError('not-signed', `no tag was moved: ${reference} is not signed: ${outcome}.`);
}
