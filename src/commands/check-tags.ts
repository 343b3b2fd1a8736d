import { AffectedError } from '../errors.ts';
import type { Publication } from '../gitlab/publication.ts';
import { componentOf } from '../images/component.ts';
import type { Image } from '../images/image.ts';
import { followLinks } from '../images/links.ts';
import { tagPolicy } from '../pipeline/tag-policy.ts';
import type { CheckFinding } from './check-settings.ts';
import type { LoadedSide } from './load-side.ts';

/** Tags that pipelines of the default branch and of releases would refuse: which Git tags there will be, nobody knows. */
export function tagFindings({ images, snapshot, config, problems }: LoadedSide): CheckFinding[] {
  const publications: readonly Publication[] = [
    { kind: 'default-branch', branch: config.targetBranch ?? 'main' },
    { kind: 'tag', tag: 'v1.0.0', defaultBranch: config.targetBranch ?? 'main' },
  ];
  const all = [...images.values()].map(({ image }) => image);
  const policies = publications.map((publication) =>
    tagPolicy({ patterns: config.tags, publication, pipeline: '0', images: all }),
  );
  const findings = new Map<string, CheckFinding>();
  const attempt = <T>(step: () => T): T | undefined => {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof AffectedError)) throw error;
      findings.set(error.message, { code: error.code, message: error.message });
      return undefined;
    }
  };
  // Of those that have nothing of their own to be tagged by, one stands for all.
  const plain = all.find((image) => !isSpecial(image));
  for (const image of all.filter((each) => each === plain || isSpecial(each))) {
    const { path } = followLinks(snapshot, image.dockerfile);
    const text = path === undefined ? undefined : snapshot.text(path);
    // A Dockerfile that can't be read is told of already.
    const isRead = text !== undefined && !problems.some(({ image: name }) => name === image.name);
    const component = isRead ? attempt(() => componentOf(image, text)) : undefined;
    for (const tagsOf of policies) attempt(() => tagsOf(image, component));
  }
  return [...findings.values()];
}

function isSpecial({ variant, component }: Image): boolean {
  return variant !== undefined || component !== undefined;
}
