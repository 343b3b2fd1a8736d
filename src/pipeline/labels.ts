import { labelNames } from '../dockerfile/label-names.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import type { Component } from '../images/component.ts';
import type { ResolvedImage } from '../images/resolve.ts';
import { canonicalReference } from './canonical-reference.ts';
import type { Handover } from './handovers.ts';

/**
 * What an image says of itself by the labels of the OCI image specification (annotations.md, "Pre-Defined Annotation
 * Keys"), as far as the plan knows it; the job adds what all have.
 */
export interface ImageLabels {
  /** As in `org.opencontainers.image.version`, by name. */
  known: Readonly<Record<string, string>>;
  /** The variable that holds `<registry>/<repository>@<digest>` of the image of this repository that it is built on. */
  base: string | undefined;
  /**
   * Images here are built from it: nothing that differs from commit to commit may be in it, or one that is built again of
   * the same inputs would be another image, and so all that is built on it.
   */
  isBase: boolean;
  /** Which of these labels its Dockerfile sets itself, without the prefix that all have. */
  own: readonly string[];
}

export const LABEL_PREFIX = 'org.opencontainers.image.';

export function imageLabels(options: {
  resolved: ResolvedImage;
  dockerfileText: string;
  component: Component | undefined;
  handovers: readonly Handover[];
  isBase: boolean;
}): ImageLabels {
  const { resolved, component, isBase } = options;
  const { base } = resolved;
  const external = base && 'reference' in base ? canonicalReference(base.reference) : undefined;
  const handover =
    base && 'image' in base ? options.handovers.find(({ image }) => image === base.image) : undefined;
  const own = ownLabels(options);
  const known = Object.entries({
    version: component?.version,
    'base.name': external?.name,
    'base.digest': external?.digest,
  }).flatMap(([name, value]) =>
    value === undefined || own.includes(name) ? [] : [[`${LABEL_PREFIX}${name}`, value]],
  );
  return { known: Object.fromEntries(known), base: handover?.variable, isBase, own };
}

/** A builder would replace what the Dockerfile says, or not: Kaniko does not, others do. */
function ownLabels({
  resolved: { image },
  dockerfileText,
}: Pick<Parameters<typeof imageLabels>[0], 'resolved' | 'dockerfileText'>): readonly string[] {
  // Of thousands of Dockerfiles few say anything of it.
  if (!dockerfileText.includes(LABEL_PREFIX)) return [];
  const args = { CI_REGISTRY_IMAGE: image.registry, ...image.args };
  const names = labelNames({ dockerfile: parseDockerfile(dockerfileText), args, target: image.target });
  return [...names]
    .filter((name) => name.startsWith(LABEL_PREFIX))
    .map((name) => name.slice(LABEL_PREFIX.length))
    .filter((name) => /^[a-z.]+$/.test(name))
    .sort();
}
