import { type Difference, featureFlag, KANIKO, OLDER_KANIKO } from './difference.ts';

const UNFETCHED = 'fetch it in a RUN';

export const COPY_DIFFERENCES = {
  // pkg/commands/copy.go; the older ones never look at a heredoc's body.
  'copy-heredoc': [
    {
      builders: OLDER_KANIKO,
      effect: 'wrong',
      happens: 'writes no such file',
      remedy: 'keep the file in the repository',
    },
  ],
  'copy-heredoc-expanded': [
    {
      builders: ['kaniko'],
      effect: 'wrong',
      happens: 'writes variables as they stand, not their values',
      remedy: "set FF_KANIKO_EXPAND_HEREDOC: 'true' in the job, or quote the delimiter if that is meant",
      unless: featureFlag('FF_KANIKO_EXPAND_HEREDOC', false),
    },
  ],
  // Kaniko's copy.go and add.go read neither flag; Google's parser has them switched off.
  'copy-parents': [
    {
      builders: ['kaniko', 'kaniko-chainguard'],
      effect: 'wrong',
      happens: 'copies without the parent directories',
      remedy: 'write a COPY for each directory',
    },
    { builders: ['kaniko-google'], effect: 'wrong', happens: 'refuses the flag', remedy: 'remove it' },
  ],
  'copy-exclude': [
    {
      builders: ['kaniko', 'kaniko-chainguard'],
      effect: 'wrong',
      happens: 'copies what is excluded, too',
      remedy: 'exclude it in the .dockerignore',
    },
    { builders: ['kaniko-google'], effect: 'wrong', happens: 'refuses the flag', remedy: 'remove it' },
  ],
  // pkg/commands/add.go; Buildah's stage_executor.go, Copy, and imagebuilder's dispatchers.go, add.
  'add-checksum': [
    {
      builders: KANIKO,
      effect: 'wrong',
      happens: 'does not compare the checksum',
      remedy: 'fetch the file and compare it in a RUN',
    },
  ],
  'add-git': [
    {
      builders: KANIKO,
      effect: 'wrong',
      happens: "clones nothing: it takes the repository's address for a file's",
      remedy: UNFETCHED,
    },
  ],
  'add-keep-git-dir': [
    { builders: ['buildah'], effect: 'wrong', happens: 'refuses the flag', remedy: UNFETCHED },
  ],
  'add-unpack': [
    {
      builders: ['kaniko-google', 'buildah'],
      effect: 'wrong',
      happens: 'refuses the flag',
      remedy: 'remove it',
    },
  ],
  'add-unpack-otherwise': [
    {
      builders: ['kaniko', 'kaniko-chainguard'],
      effect: 'wrong',
      happens: 'unpacks archives of the build context all the same, and no others',
      remedy: 'COPY an archive that is to stay one, and unpack another in a RUN',
    },
  ],
  // pkg/util/command_util.go, GetChmod, of the older ones; imagebuilder's dispatchers.go, checkChmodConversion.
  'chmod-symbolic': [
    {
      builders: [...OLDER_KANIKO, 'buildah'],
      effect: 'wrong',
      happens: 'refuses a mode that is no octal number',
      remedy: 'write it as one',
    },
  ],
  // pkg/commands/copy.go, CopyCommand.ExecuteCommand; the older ones copy as root.
  'copy-as-user': [
    {
      builders: ['kaniko'],
      effect: 'note',
      happens: 'gives the files to that user, where the rule is root',
      remedy: "set FF_KANIKO_COPY_AS_ROOT: 'true' in the job, or say with --chown whose they are",
      unless: featureFlag('FF_KANIKO_COPY_AS_ROOT', false),
    },
  ],
} satisfies Record<string, readonly Difference[]>;
