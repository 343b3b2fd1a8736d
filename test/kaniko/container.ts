import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container, ContainerRequest } from '../support/gitlab/pipeline-run.ts';

/** What a container of Kaniko's debug image is made of. */
export interface KanikoImage {
  /** The name that jobs ask for. */
  readonly name: string;
  /** Kaniko's own program. */
  readonly executor: string;
  /** Where its shell comes from; statically linked. */
  readonly busybox: string;
}

/**
 * A container for a job that asks for Kaniko's debug image: a root, mounts and processes of its own, and this machine's
 * network. Its contents are those of the image's own Dockerfile, without the certificates and the helpers for clouds.
 */
export function kanikoContainer(image: KanikoImage): (request: ContainerRequest) => Promise<Container> {
  return async ({ image: asked, directory, project }) => {
    if (asked?.name !== image.name)
      throw new Error(`A job asks for the image ${asked?.name}, there is only ${image.name}.`);
    // The image's entrypoint is Kaniko, which takes the shell that GitLab calls for an argument.
    if (asked.entrypoint?.join('') !== '')
      throw new Error(`A job does not take the entrypoint of ${image.name} away.`);
    await createRoot(directory);
    const enter = [enterRoot, directory, image.busybox, image.executor, project, projectDir];
    return { shell: ['unshare', ...namespaces, 'sh', ...enter], projectDir };
  };
}

const projectDir = '/builds/group/project';
const enterRoot = join(import.meta.dirname, 'enter-root.sh');
const namespaces = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child'];

/** The image's own files below `root`, where all else is mounted, and beside it the files that a runner mounts. */
async function createRoot(directory: string): Promise<void> {
  const root = join(directory, 'root');
  const folders = ['kaniko/ssl/certs', 'kaniko/.docker', 'busybox', 'builds', 'proc', 'dev', 'etc', 'bin'];
  for (const folder of [...folders, 'workspace']) await mkdir(join(root, folder), { recursive: true });
  await symlink('/busybox/sh', join(root, 'bin/sh'));
  await writeFile(join(root, 'kaniko/executor'), '');
  await writeFile(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\n');
  // Without a name server, no name but localhost is found. By .dockerenv Kaniko knows that it is in a container.
  const mounted = { 'etc/hosts': '127.0.0.1 localhost\n', 'etc/resolv.conf': '', '.dockerenv': '' };
  await mkdir(join(directory, 'etc'));
  for (const [file, text] of Object.entries(mounted)) {
    await writeFile(join(root, file), '');
    await writeFile(join(directory, file), text);
  }
}
