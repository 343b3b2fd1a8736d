import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Container, ContainerRequest } from '../support/gitlab/pipeline-run.ts';
import { debianFiles } from './debian-files.ts';
import { GO_TOOLS, goTool } from './go-tools.ts';

const run = promisify(execFile);

/**
 * The programs of BuildKit's rootless image: its own, built by Go, and Debian's. Throws with a sentence that says what is
 * missing.
 */
export async function buildkitPrograms(): Promise<readonly string[]> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('BuildKit’s image is put up here by root, on Linux.');
  const user = ['--reuid=nobody', '--regid=nogroup', '--clear-groups'];
  await run('unshare', [...namespaces, 'setpriv', ...user, 'unshare', '--user', 'true']).catch(
    (error: unknown) => {
      throw new Error(`A user without rights can make no namespaces here: ${(error as Error).message}`);
    },
  );
  const [runc, rootlesskit, uidmap] = await Promise.all(
    ['runc', 'rootlesskit', 'uidmap'].map((name) => debianFiles(name)),
  );
  return [
    await goTool(GO_TOOLS.buildctl),
    await goTool(GO_TOOLS.buildkitd),
    join(import.meta.dirname, 'buildctl-daemonless.sh'),
    `${runc}/usr/sbin/runc`,
    `${rootlesskit}/usr/bin/rootlesskit`,
    `${uidmap}/usr/bin/newuidmap`,
    `${uidmap}/usr/bin/newgidmap`,
  ];
}

const namespaces = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child'];

/**
 * A container for a job that asks for BuildKit's rootless image: a user without rights, with mounts and processes of its
 * own, on this machine's network and with its programs.
 */
export function buildkitContainer(
  programs: readonly string[],
): (request: ContainerRequest) => Promise<Container> {
  return async ({ image, project }) => {
    if (!/^moby\/buildkit:\S+-rootless$/u.test(image?.name ?? ''))
      throw new Error(`A job asks for the image ${image?.name}, there is only BuildKit's.`);
    const enter = ['sh', join(import.meta.dirname, 'enter-buildkit.sh'), project, ...programs];
    return { shell: ['unshare', ...namespaces, ...enter], projectDir: '/mnt/project' };
  };
}
