import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Container, ContainerRequest } from '../support/gitlab/pipeline-run.ts';

/**
 * A place for a job that asks for Node's image and installs `affected` there: this machine, where this checkout's own is
 * installed already.
 */
export async function toolContainer({ directory, project }: ContainerRequest): Promise<Container> {
  const programs = join(directory, 'tool');
  await mkdir(programs, { recursive: true });
  const scripts = { npm: 'test "$1" = ci', npx: `shift\nexec '${process.execPath}' '${bin}' "$@"` };
  for (const [name, script] of Object.entries(scripts)) {
    await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(programs, name), 0o755);
  }
  return { shell: ['env', `PATH=${programs}:${process.env['PATH'] ?? ''}`, 'sh'], projectDir: project };
}

/** What a job that moves tags asks for. */
export function isToolImage(name: string | undefined): boolean {
  return name?.startsWith('node:20.') === true;
}

const bin = resolve(import.meta.dirname, '../../bin/affected.js');
