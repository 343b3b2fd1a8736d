import { type Difference, featureFlag, KANIKO, OLDER_KANIKO } from './difference.ts';

export const OTHER_DIFFERENCES = {
  // from-constructs.ts says where.
  'from-platform': [
    {
      builders: KANIKO,
      effect: 'wrong',
      happens: "takes the base image for its own platform, which is the runner's",
      remedy: 'build the image on a runner of that platform, with --custom-platform where it has several',
    },
  ],
  'from-platform-argument': [
    {
      builders: KANIKO,
      effect: 'wrong',
      happens: 'has no value for it there',
      remedy: 'give it a default with ARG before the first FROM, or as a build arg',
    },
  ],
  'from-empty-argument': [
    {
      builders: KANIKO,
      effect: 'wrong',
      happens: "takes the ARG's default for the empty build arg",
      remedy: 'give the ARG no default',
    },
  ],
  // pkg/dockerfile/dockerfile.go, targetStages.
  'target-number': [
    { builders: KANIKO, effect: 'wrong', happens: 'finds stages by name alone', remedy: 'name the stage' },
  ],
  // pkg/commands/healthcheck.go
  'healthcheck-start-interval': [
    {
      builders: KANIKO,
      effect: 'note',
      happens: 'leaves the start interval out of the image',
      remedy: 'set it where the image is run',
    },
  ],
  // pkg/commands/expose.go
  'expose-range': [
    {
      builders: KANIKO,
      effect: 'note',
      happens: 'writes the range down as if it were one port',
      remedy: 'name each port',
    },
  ],
  'expose-protocol': [
    { builders: KANIKO, effect: 'wrong', happens: 'knows tcp and udp alone', remedy: 'remove the port' },
  ],
  // pkg/commands/volume.go with pkg/snapshot/snapshot.go, scanFullFilesystem, and pkg/util/fs_util.go, CopyDir.
  'volume-written': [
    {
      builders: KANIKO,
      effect: 'note',
      happens:
        'leaves out what is put below a volume after it is declared, but for single files that are copied',
      remedy: 'move the VOLUME down',
    },
  ],
  // pkg/commands/commands.go, GetCommand.
  maintainer: [
    { builders: KANIKO, effect: 'note', happens: 'leaves the author out', remedy: 'write a LABEL' },
  ],
  // pkg/dockerfile/buildargs.go, ReplacementEnvs.
  'arg-after-env': [
    {
      builders: ['kaniko'],
      effect: 'wrong',
      happens: 'goes on with the value of the ENV',
      remedy: "set FF_KANIKO_BUILDKIT_ARG_ENV_PRECEDENCE: 'true' in the job, or name the ARG otherwise",
      unless: featureFlag('FF_KANIKO_BUILDKIT_ARG_ENV_PRECEDENCE', true),
    },
    {
      builders: OLDER_KANIKO,
      effect: 'wrong',
      happens: 'goes on with the value of the ENV',
      remedy: 'name the ARG otherwise',
    },
  ],
  // Each has a parser of its own.
  syntax: [
    {
      builders: [...KANIKO, 'buildah'],
      effect: 'wrong',
      happens: "reads the file by Docker's rules, not by that program's",
      remedy: 'build the image with BuildKit',
    },
  ],
  // docs/buildah-build.1.md, --format.
  'docker-format': [
    {
      builders: ['buildah'],
      effect: 'wrong',
      happens: 'leaves it out of an OCI image',
      remedy: 'set BUILDAH_FORMAT: docker in the job',
      unless: ({ variables, text }) =>
        variables.get('BUILDAH_FORMAT') === 'docker' || /--format[ =]docker\b/.test(text),
    },
  ],
} satisfies Record<string, readonly Difference[]>;
