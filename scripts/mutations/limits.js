/** What GitLab refuses, and the pipelines that keep within it: by file, `[rule, find, replace]`. */
export const limits = {
  'pipeline/limits.ts': [
    [
      'single limits count more than those of a tier',
      '...GITLAB_COM[tier], ...single',
      '...single, ...GITLAB_COM[tier]',
    ],
  ],
  'pipeline/barriers.ts': [
    ['no job has more needs than allowed', 'barriers.length + own > limits.needs', 'own > limits.needs'],
    ['own needs count', 'direct.length + barriers.length + own', 'direct.length + barriers.length'],
    [
      'a barrier has no more needs either',
      'Math.min(limits.needs, limits.dotenvVariables)',
      'limits.dotenvVariables',
    ],
    ['a report holds so many variables', 'Math.min(limits.needs, limits.dotenvVariables)', 'limits.needs'],
    ['a report is smaller than its limit', 'bytes >= limits.dotenvBytes', 'bytes > limits.dotenvBytes'],
    [
      'a variable may be long',
      "repository.includes('$') ? LONGEST_REPOSITORY : repository.length",
      'repository.length',
    ],
    ['the names of own jobs are taken', '!taken.has(name)', 'true'],
    [
      'who is behind a barrier is not beside it',
      'direct = direct.slice(behind.length);',
      'direct = direct.slice(1);',
    ],
  ],
  'pipeline/build-definition.ts': [
    [
      'a base behind a barrier must be built',
      ' || barriers.some((barrier) => barrier.needs.includes(job))',
      '',
    ],
  ],
  'pipeline/waves.ts': [
    ['what fits is one pipeline', 'if (over === undefined) return { pipeline: whole, waves: [] };', ''],
    [
      'every wave is within the limits',
      'const over = overLimit(size, limits);',
      'const over = undefined as string | undefined;',
    ],
    [
      'all that waves before build is known',
      'earlier: new Set(names.slice(0, start))',
      'earlier: new Set(names.slice(0, Math.max(0, start - 1)))',
    ],
    ['what later waves take is pushed for them', '?? 0) >= end)', '?? 0) > end)'],
    [
      'nothing else is pushed for them',
      'filter((name) => (lastUses.get(name) ?? 0) >= end)',
      'filter((name) => lastUses.has(name))',
    ],
    ['the one that starts them has limits too', 'starting !== undefined || waves', 'waves'],
    ['waves are filled', 'index > start && (total.jobs > jobs', 'index > start && (total.jobs > 1'],
  ],
  'pipeline/starting-pipeline.ts': [
    ['waves start one after the other', ', ...(wave === 1 ? [] : [waveName(wave - 1)])', ''],
    [
      'a wave starts whatever became of the one before',
      "wave === 1 ? 'on_success' : 'always'",
      "'on_success'",
    ],
    ['a wave’s failure is its starter’s', "      strategy: 'depend',\n", ''],
    [
      'each started file must be known',
      "files.every((file) => typeof file === 'string') ? files : []",
      "files.filter((file) => typeof file === 'string')",
    ],
  ],
  'pipeline/handovers.ts': [
    ['what an earlier wave built is taken', ' || isEarlier(image)', ''],
    [
      '… by the tag that only these pipelines push',
      'if (wave?.earlier.has(name)) return',
      'if (wave?.handedOn.has(name)) return',
    ],
  ],
  'pipeline/candidate-tags.ts': [
    ['variants push no common tag', "${variant === undefined ? '' : `_${variant}`}", ''],
    ['what is published has a tag of its own', '`${pipeline}-released`', 'pipeline'],
  ],
  'pipeline/size.ts': [
    ['jobs are counted', 'size.jobs > limits.jobs', 'false'],
    ['memory is counted', 'size.yamlBytes > limits.yamlBytes', 'false'],
    ['words in large slots weigh more', 'Math.max(slot, OBJECT + length + 1)', 'OBJECT + length + 1'],
    ['lists have places to spare', 'Math.max(20, 2 * length)', 'length'],
  ],
  'commands/pipeline-files.ts': [
    [
      'waves are nested two deep',
      "if (env['CI_PIPELINE_SOURCE'] === 'parent_pipeline') return undefined;",
      '',
    ],
    [
      'files outside of the project are no artifacts',
      'isAbsolute(path) || path.startsWith(`..${sep}`)',
      'false',
    ],
    ['only an id is an id', '/^[0-9]+$/.test(id) ? id : NO_PIPELINE', 'id'],
    ['an archive may be too large', 'Math.max(largest, archive)', 'largest'],
    ['a file may be too large', 'Math.max(largest, archive)', 'archive'],
  ],
  'gitlab/pipeline-outcome.ts': [
    ['waves build for the one that starts them', 'if (!waves.ok || !waves.value.built) return waves;', ''],
  ],
  'gitlab/published-since.ts': [['waves publish too', 'images.push(...waves.value);', '']],
  'gitlab/last-artifact.ts': [
    ['waves are those of the same commit', ' && headOfPipeline(file.value) === commit', ''],
  ],
};
