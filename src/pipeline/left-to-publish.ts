import { isPublished } from './image-tags.ts';
import type { PlanOptions } from './plan.ts';
import { plannedTags } from './planned-tags.ts';

/** What the pipelines of a plan leave to be published of one image, GitLab's variables unexpanded. */
export interface LeftToPublish {
  name: string;
  /** `<registry>/<repository>` */
  repository: string;
  /** The digest of one that is not built; else the tag under which its build pushes it. */
  found: { digest: string } | { candidate: string };
  tags: readonly string[];
  branchTags: readonly string[];
  version: string | undefined;
  /** `<tag>` or `<tag>=<line>` */
  versionTags: readonly string[];
  marker: string | undefined;
}

/** The images whose tags a job of the pipeline above moves, in build order. */
export function leftToPublish(options: PlanOptions): readonly LeftToPublish[] {
  const planned = plannedTags(options);
  return options.affected.flatMap(({ image: { name } }): LeftToPublish[] => {
    const tags = planned.get(name);
    const image = options.images.get(name)?.image;
    if (tags === undefined || image === undefined || !isPublished(tags)) return [];
    const digest = options.registryImages?.reused.get(name)?.digest;
    return [
      {
        name,
        repository: `${options.registry}/${image.repository}`,
        found: digest === undefined ? { candidate: tags.candidates[0] as string } : { digest },
        tags: tags.fixed,
        branchTags: tags.branch,
        version: tags.version?.release,
        versionTags: versionTags(tags.version?.tags ?? []),
        marker: tags.marker,
      },
    ];
  });
}

/** As the job that publishes reads them. */
export function versionTags(tags: readonly { tag: string; line: string }[]): readonly string[] {
  return tags.map(({ tag, line }) => (tag === line ? tag : `${tag}=${line}`));
}
