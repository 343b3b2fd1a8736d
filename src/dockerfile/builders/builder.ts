/**
 * What builds an image, as people call it. The three lines of Kaniko are told apart: what one leaves out, another
 * builds.
 */
export const BUILDERS = {
  /** https://github.com/osscontainertools/kaniko, 1.28 */
  kaniko: 'Kaniko',
  /** https://github.com/chainguard-dev/kaniko, 1.25 */
  'kaniko-chainguard': "Chainguard's Kaniko",
  /** https://github.com/GoogleContainerTools/kaniko, 1.24, its last */
  'kaniko-google': "Google's Kaniko",
  buildkit: 'BuildKit',
  /** 1.44 */
  buildah: 'Buildah',
} as const;

export type Builder = keyof typeof BUILDERS;

export function isBuilder(name: string): name is Builder {
  return Object.hasOwn(BUILDERS, name);
}

/** How a job calls its builder. */
export interface BuilderCall {
  /** Undefined for one that nothing is known of. */
  builder: Builder | undefined;
  variables: ReadonlyMap<string, string>;
  /** All that the job's scripts and variables say: flags of the builder stand in it. */
  text: string;
  /** Its scripts alone, and what they refer to. */
  scripts: string;
}
