import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Container, ContainerRequest } from '../support/gitlab/pipeline-run.ts';

/**
 * A place for a job that asks for the image of a tool, and perhaps installs `affected` there: this machine, where this
 * checkout's own is installed already.
 */
export async function toolContainer({ directory, project }: ContainerRequest): Promise<Container> {
  const programs = join(directory, 'tool');
  await mkdir(programs, { recursive: true });
  const scripts = {
    npm: 'test "$1" = ci',
    npx: `shift\nexec '${process.execPath}' '${bin}' "$@"`,
    // These have databases of their own to fetch; what they are called with is what counts here.
    trivy: 'case $1:$2 in image:*@sha256:*) ;; *) exit 1 ;; esac',
    syft: 'case $1:$2 in scan:registry:*@sha256:*) touch "${4#*=}" ;; *) exit 1 ;; esac',
  };
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(programs, name), 0o755);
  }
  return { shell: ['env', `PATH=${programs}:${process.env['PATH'] ?? ''}`, 'sh'], projectDir: project };
}

/** What a job that verifies or moves tags asks for. */
export function isToolImage(name: string | undefined): boolean {
  return ['node:20.', 'aquasec/trivy:', 'anchore/syft:'].some((tool) => name?.startsWith(tool));
}

const bin = resolve(import.meta.dirname, '../../bin/affected.js');
