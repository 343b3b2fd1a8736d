import { logs } from '../support/gitlab/try-pipeline.ts';
import { createRepository, type Files, type TestRepository } from '../support/repository.ts';
import { readImageFile } from './image-files.ts';
import { type Platform, repositoryOf, runChildPipeline, startPlatform } from './platform.ts';
import type { Tools } from './tools.ts';

export interface PublishedProject {
  readonly platform: Platform;
  readonly repository: TestRepository;
  /** The commit of main whose images are published. */
  readonly base: string;
  /** A file's text in an image of the project. */
  readonly fileOf: (image: string, reference: string, path: string) => Promise<string | undefined>;
}

/** GitLab's variables of a push to the default branch, which is protected. */
export const ofMain = {
  GITLAB_CI: 'true',
  CI_PIPELINE_SOURCE: 'push',
  CI_COMMIT_BRANCH: 'main',
  CI_DEFAULT_BRANCH: 'main',
  CI_COMMIT_REF_PROTECTED: 'true',
};

/** A project whose main has built and published all of its images, as a pipeline of the default branch does. */
export async function publishedProject(
  tools: Tools,
  files: (platform: Platform) => Files,
): Promise<PublishedProject> {
  const platform = await startPlatform(tools);
  const repository = await createRepository();
  const empty = await repository.commit({ README: '' });
  const base = await repository.commit(files(platform));
  const run = await runChildPipeline(platform, repository, {
    base: empty,
    env: ofMain,
    variables: { CI_COMMIT_SHORT_SHA: '0a0a0a0a' },
  });
  if (run.status !== 'success') throw new Error(logs(run));
  return {
    platform,
    repository,
    base,
    fileOf: (image, reference, path) =>
      readImageFile(platform.registry, { repository: repositoryOf(image), reference, path }),
  };
}
