/** What runs a build, which builder does, and how it gets at other hosts: by file, `[rule, find, replace]`. */
export const builders = {
  'images/merged-runner.ts': [
    ['requests are merged key by key', "['requests', ", '['],
    ['limits are merged key by key', "'limits', ", ''],
    ['proxies are merged key by key', "'proxy', ", ''],
    ['mirrors are merged key by key', "'mirrors', ", ''],
    ['variables are merged key by key', ", 'variables']", ']'],
    ['a later setting of the runner counts', '...before, ...after }', '...after, ...before }'],
    ['a later key counts', '{ ...before?.[key], ...after[key] }', '{ ...after[key], ...before?.[key] }'],
  ],
  'pipeline/runner-keywords.ts': [
    ['variables may replace what the runner brings', ', ...variables };', ' };'],
    ['an empty setting takes one away', "(entry[1] ?? '') !== ''", 'entry[1] !== undefined'],
    ['a variable’s name reaches the job', "/[$%]/.test(certificates ?? '')", 'false'],
    ['mirrors are numbered from 1', 'AFFECTED_MIRROR_${index + 1}', 'AFFECTED_MIRROR_${index}'],
  ],
  'pipeline/builder-call.ts': [
    [
      'an empty name leaves the image to tell',
      "variables.get('AFFECTED_BUILDER') ||",
      "variables.get('AFFECTED_BUILDER') ??",
    ],
    ['what sets a variable does not read it', '({ ...each, variables: undefined })', 'each'],
  ],
  'commands/check-runner.ts': [
    ['a builder that nobody knows is told', '!named || builder !== undefined', 'true'],
    ['flags behind a gap are told', 'numberOfFlag(name) > next', 'false'],
    ['what a job does not read is told', '!scripts.includes(', 'scripts.includes('],
    ['certificates that are not here are told', '!tree.get(certificates)', 'false'],
    ['a variable is no file', "!certificates.startsWith('$') && ", ''],
  ],
  'commands/unowned-policy.ts': [
    ['certificates belong to no image on purpose', '...certificateFiles(each)', ''],
  ],
};
