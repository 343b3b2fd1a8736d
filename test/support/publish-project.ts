import { onTestFinished } from 'vitest';
import { type CliResult, cli } from './cli.ts';
import {
  digestOf,
  imageManifest,
  PASSWORD,
  type RegistryAccess,
  type RegistryServer,
  startRegistry,
  USER,
} from './registry-server.ts';
import { createRepository, type TestRepository } from './repository.ts';
import { runnerCheckout } from './runner-checkout.ts';

/** A project with a branch `main` of some commits and one image, `app`, of which each commit built another. */
export interface PublishProject {
  server: TestRepository;
  registry: RegistryServer;
  /** `<registry>/group/app` */
  repository: string;
  commits: readonly string[];
  /** Runs the job `app:publish` of a commit of main, in a checkout as the runner makes it. */
  publish(commit: string, options?: PublishOptions): Promise<CliResult>;
  /** Whose image each tag names: the number of its commit, or the digest of another. */
  tags(): Record<string, number | string>;
}

interface PublishOptions {
  depth?: number;
  argv?: readonly string[];
  env?: Record<string, string>;
  /** Where the job runs; a checkout of its own where absent. */
  cwd?: string;
}

export async function publishProject(
  options: { access?: RegistryAccess; commits?: number } = {},
): Promise<PublishProject> {
  const { access = 'bearer', commits: count = 3 } = options;
  const registry = await startRegistry(access);
  onTestFinished(() => registry.close());
  const server = await createRepository();
  await server.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  await server.git('config', 'uploadpack.allowFilter', 'true');
  const commits: string[] = [];
  for (let n = 0; n < count; n++) {
    const commit = await server.commit({ a: `${n}` });
    commits.push(commit);
    const built = imageOf(commit);
    registry.untagged.set(`group/app:${digestOf(built)}`, built);
  }
  const repository = `${registry.host}/group/app`;
  const numberOf = new Map(commits.map((commit, index) => [digestOf(imageOf(commit)), index]));
  return {
    server,
    registry,
    repository,
    commits,
    publish: async (commit, { depth = 1, argv = [], env = {}, cwd } = {}) => {
      const directory = cwd ?? (await runnerCheckout({ server, commit, branch: 'main', depth })).dir;
      return cli(directory, ['publish', ...argv], {
        env: {
          ...loginAt(registry),
          CI_COMMIT_BRANCH: 'main',
          CI_COMMIT_SHA: commit,
          AFFECTED_IMAGE: 'app',
          AFFECTED_REPOSITORY: repository,
          AFFECTED_HANDOVER: 'AFFECTED_IMAGE_APP',
          AFFECTED_IMAGE_APP: `${repository}@${digestOf(imageOf(commit))}`,
          AFFECTED_TAG_1: commit.slice(0, 8),
          AFFECTED_BRANCH_TAG_1: 'latest',
          AFFECTED_BRANCH_TAG_2: 'main',
          AFFECTED_MARKER: `commit-${commit}`,
          ...env,
        },
      });
    },
    tags: () =>
      Object.fromEntries(
        [...registry.images]
          .map(([name, text]): [string, number | string] => [
            name.replace('group/app:', ''),
            numberOf.get(digestOf(text)) ?? digestOf(text),
          ])
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
  };
}

export function imageOf(commit: string): string {
  return imageManifest(`app of ${commit}`);
}

export function loginAt(registry: RegistryServer): Record<string, string> {
  return { CI_REGISTRY: registry.host, CI_REGISTRY_USER: USER, CI_REGISTRY_PASSWORD: PASSWORD };
}
