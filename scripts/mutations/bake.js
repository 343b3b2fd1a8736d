/** What docker buildx bake is told: by file, `[rule, find, replace]`. */
export const bake = {
  'render/bake.ts': [
    ['bake: what begins a template is written twice', "'$1$1{'", "'$1{'"],
    ['bake: so it is in keys', '[template(key), template(value)]', '[key, template(value)]'],
    ['bake: an empty block of targets is left out', 'targets.length === 0', 'targets.length < 0'],
  ],
  'pipeline/context-name.ts': [
    ['bake: Docker Hub is implied', "path.replace(/^library\\/(?=[^/]+$)/, '')", '`${host}/${path}`'],
    ['bake: its library is implied for a name alone', '(?=[^/]+$)', ''],
    ['bake: latest is implied, but not beside a digest', ' && digest === undefined)', ')'],
    ['bake: a host has a dot, a port or a capital', '[.:A-Z]', '[.:]'],
  ],
  'pipeline/bake-text.ts': [
    ['bake: text that would be composed is refused', " && text.normalize('NFC') === text", ''],
    ['bake: a byte order mark is refused', " && !text.startsWith('\\ufeff')", ''],
    ['bake: what looks like an address is refused', '[^/]*:|', ''],
    ['bake: standard input is no directory', '|-$', ''],
    [
      'bake: Dockerfiles are named from their contexts',
      "'../'.repeat(image.context.split('/').length)",
      "''",
    ],
  ],
  'pipeline/bake-names.ts': [
    ['bake: no target is called like the default group', 'new Set([DEFAULT_GROUP])', 'new Set()'],
    ['bake: names are taken once', 'taken.has(name)', 'false'],
  ],
  'pipeline/named-images.ts': [
    ['bake: the builder may be of another platform', "'linux/amd64', 'linux/arm64'", "'linux/amd64'"],
  ],
  'pipeline/named-contexts.ts': [
    ['bake: one name means one image', 'other && other.value !== value', 'false'],
    [
      'bake: a build stage keeps its name',
      'stages.some((stage) => stage.name === name)',
      'stages.length === 0',
    ],
    ['bake: a target is there for its platforms', 'platforms.includes(flag)', 'flag'],
    ['bake: an image that names itself is the published one', ' || meant.image === image.name', ''],
    [
      'bake: an image that is not built is taken by its digest',
      'if (digest !== undefined) return',
      'if (false) return',
    ],
    ['bake: a name without the registry gets it', 'meant.bare === undefined', 'true'],
  ],
  'pipeline/bake-plan.ts': [
    [
      'bake: without a registry bases are built too',
      'instead === undefined ? isAffected',
      'true ? isAffected',
    ],
    ['bake: the registry is expanded in args', 'expand ? ', 'false ? '],
  ],
  'commands/generate.ts': [['bake: outside of GitLab the working tree counts', 'isBake && isLocal', 'false']],
};
