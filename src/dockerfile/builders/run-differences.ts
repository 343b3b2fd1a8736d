import { type Difference, featureFlag, KANIKO, OLDER_KANIKO, withFlag } from './difference.ts';

const QUOTED = 'write RUN sh <<"EOF", with the quotes and the program to run it';

export const RUN_DIFFERENCES = {
  // pkg/commands/run.go: "does not support cross-stage bind mounts"; the older ones look at no mount.
  'run-mount-from': [
    {
      builders: KANIKO,
      effect: 'wrong',
      happens: 'runs the command without this mount',
      remedy: 'take the files with COPY --from',
    },
  ],
  'run-mount-bind': [
    {
      builders: ['kaniko'],
      effect: 'wrong',
      happens: 'runs the command without this mount',
      remedy: "set FF_KANIKO_RUN_MOUNT_BIND: 'true' in the job, or take the files with COPY",
      unless: featureFlag('FF_KANIKO_RUN_MOUNT_BIND', true),
    },
    {
      builders: OLDER_KANIKO,
      effect: 'wrong',
      happens: 'runs the command without this mount',
      remedy: 'take the files with COPY',
    },
  ],
  'run-mount-cache': [
    {
      builders: OLDER_KANIKO,
      effect: 'note',
      happens: 'keeps no cache, and what the command writes there becomes part of the image',
      remedy: 'remove it in the same RUN',
    },
  ],
  'run-mount-secret': [
    {
      builders: ['kaniko', 'buildkit', 'buildah'],
      effect: 'wrong',
      happens: 'is given no secret by this job, and runs the command without it',
      remedy: 'add --secret to its flags in ci-templates/',
      unless: withFlag('--secret'),
    },
    {
      builders: OLDER_KANIKO,
      effect: 'wrong',
      happens: 'knows no secrets, and runs the command without it',
      remedy: 'build the image with another builder',
    },
  ],
  'run-mount-ssh': [
    {
      builders: KANIKO,
      effect: 'wrong',
      happens: 'runs the command without the agent',
      remedy: 'fetch over HTTPS, or build the image with another builder',
    },
    {
      builders: ['buildkit', 'buildah'],
      effect: 'wrong',
      happens: 'is given no agent by this job, and runs the command without it',
      remedy: 'add --ssh to its flags in ci-templates/',
      unless: withFlag('--ssh'),
    },
  ],
  'run-mount-tmpfs': [
    {
      builders: KANIKO,
      effect: 'wrong',
      happens: 'mounts nothing, and what the command writes there becomes part of the image',
      remedy: 'remove it in the same RUN',
    },
  ],
  'run-network': [
    {
      builders: KANIKO,
      effect: 'note',
      happens: "lets the command use the job's own network",
      remedy: 'rely on no other',
    },
  ],
  // Buildah: imagebuilder's dispatchers.go takes --mount and --network alone.
  'run-security': [
    {
      builders: KANIKO,
      effect: 'note',
      happens: 'does not look at the flag',
      remedy: 'rely on no privileges',
    },
    { builders: ['buildah'], effect: 'wrong', happens: 'refuses the flag', remedy: 'remove it' },
  ],
  'run-device': [
    { builders: KANIKO, effect: 'note', happens: 'does not look at the flag', remedy: 'rely on no device' },
    { builders: ['buildah'], effect: 'wrong', happens: 'refuses the flag', remedy: 'remove it' },
  ],
  // pkg/commands/run.go, runCommandInExec; the older ones never look at a heredoc's body.
  'run-heredoc': [
    {
      builders: OLDER_KANIKO,
      effect: 'wrong',
      happens: 'leaves the body out',
      remedy: 'join the commands with && and \\, or COPY a script',
    },
  ],
  'run-heredoc-unrun': [
    {
      builders: ['kaniko'],
      effect: 'wrong',
      happens: 'runs nothing of it: its shell is given a text and no command to read it',
      remedy: QUOTED,
    },
  ],
  'run-heredoc-program': [
    {
      builders: ['kaniko'],
      effect: 'wrong',
      happens: 'runs it with sh, not with the program of its first line',
      remedy: QUOTED,
    },
  ],
  'run-heredoc-expanded': [
    {
      builders: ['kaniko'],
      effect: 'wrong',
      happens: 'has the shell expand variables and commands in it before any of it runs',
      remedy: QUOTED,
    },
  ],
  'run-heredoc-shell': [
    {
      builders: ['kaniko'],
      effect: 'wrong',
      happens: 'runs it with sh, not with the SHELL in force',
      remedy: QUOTED,
    },
  ],
  // pkg/commands/run.go, runCommandInExec: the user alone.
  'run-as-group': [
    {
      builders: ['kaniko'],
      effect: 'note',
      happens: "runs the command with the user's own group",
      remedy: "set FF_KANIKO_RUN_HONOR_GROUP: 'true' in the job",
      unless: featureFlag('FF_KANIKO_RUN_HONOR_GROUP', false),
    },
    {
      builders: OLDER_KANIKO,
      effect: 'note',
      happens: "runs the command with the user's own group",
      remedy: 'set the group of what it writes with chgrp',
    },
  ],
} satisfies Record<string, readonly Difference[]>;
