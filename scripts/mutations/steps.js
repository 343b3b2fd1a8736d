/** What follows a build before its tags move: by file, `[rule, find, replace]`. */
export const steps = {
  'pipeline/step-jobs.ts': [
    [
      'what is built is pushed nowhere else before it is verified',
      'const isMoved = isPublished(tags);',
      'const isMoved = false;',
    ],
    ['without a tag there is no copy', ' && tags.candidates.length > 0', ''],
    ['what was verified is not verified again', 'reused?.verified ? [] : verifyJobs', 'verifyJobs'],
    ['with keyless signing nothing is published here', " || release.sign === 'keyless'", ''],
    [
      'signing waits for verification',
      "jobs.push(job('sign', release.sign, verified));",
      "jobs.push(job('sign', release.sign, start));",
    ],
    [
      'publishing waits for the signature',
      "release.sign === 'off' ? verified : [",
      'verified.length >= 0 ? verified : [',
    ],
    [
      'publishing waits for what the image is built from',
      ', ...publishedBases(resolved, options.inPipeline)]',
      ']',
    ],
    ['what an earlier wave published is asked for', 'after: releasedEarlier(options)', 'after: []'],
    [
      'an earlier wave says what it published',
      'if (!wave?.handedOn.has(name)) return moved;',
      'if (wave !== undefined || wave === undefined) return moved;',
    ],
    [
      'a step can be left out',
      "...(scan === false ? [] : [job('scan', scan, start)])",
      "job('scan', String(scan), start)",
    ],
    ['contents are listed of what is published', 'sbom === false || !isPublished(tags)', 'sbom === false'],
    ['a structure test is run where there is one', 'test === false || !hasStructureTest', 'test === false'],
  ],
  'pipeline/publish-needs.ts': [
    [
      'a release moves no tag before all is verified',
      'if (plan.together) {',
      'if (plan.together && !plan.together) {',
    ],
    [
      "an image takes its own build's digest alone",
      'ownNeeds.filter((need) => builtByJob(need) !== undefined)',
      'ownNeeds',
    ],
  ],
  'pipeline/stages.ts': [
    [
      'its own jobs verify an image',
      'needs: [...needs, ...added] } };\n}\n\nfunction isManual',
      'needs } };\n}\n\nfunction isManual',
    ],
    ['nobody waits for a job that a person starts', '        isWaitedFor(definition),', '        true,'],
    [
      'what stands behind the tags does not verify',
      '        stages.indexOf(stage) < position &&\n        isWaitedFor',
      '        isWaitedFor',
    ],
    [
      'a job that waits for tags comes in their stage',
      'waiting.has(job.name) && inheritedValue',
      'false && inheritedValue',
    ],
    ['deploy comes behind the tags', "'publish', 'deploy', ...behind", "'publish', ...behind"],
    [
      'a stage in which anything is verified stays before the tags',
      'later.filter((stage) => !verifying.has(stage))',
      'later',
    ],
    [
      'a blocking person is waited for',
      "rule['when'] === 'manual' && mayFail(rule)",
      "rule['when'] === 'manual'",
    ],
    ['nobody waits for what runs after failures', "rule['when'] !== 'on_failure' && ", ''],
  ],
  'pipeline/own-needs.ts': [
    [
      'a job that waits for tags is left out where none move',
      "? steps.has('publish') : !isVerified",
      '? true : !isVerified',
    ],
    ['jobs of a verified image are not run again', ': !isVerified;', ': true;'],
  ],
  'pipeline/image-jobs.ts': [
    [
      'a generated name is no job of one’s own',
      "definition['script'] === undefined) continue;",
      'true) continue;',
    ],
  ],
  'pipeline/handovers.ts': [
    [
      'what is there by its digest counts more than an earlier wave',
      'if (digests.has(name)) return `${repository}@${digests.get(name)}`;\n',
      '',
    ],
  ],
  'pipeline/step-definition.ts': [
    [
      'only what nothing waits for may fail',
      " && step === 'publish' && { allowFailure }",
      ' && { allowFailure }',
    ],
  ],
  'pipeline/check-templates.ts': [
    ['no step is left out by rules', "if (!['on_success', 'always'].some(", "if (['never'].every("],
  ],
  'commands/registry-images.ts': [
    ['what publishes trusts verified images alone', "isVerifying || kind === 'tag'", 'isVerifying'],
    [
      'the default branch verifies',
      "registry.isProtected || kind === 'default-branch'",
      'registry.isProtected',
    ],
  ],
  'gitlab/child-outcome.ts': [
    [
      'published is what counts',
      '(builtByJob(name) ?? publishedByJob(name)) !== undefined',
      'builtByJob(name) !== undefined',
    ],
  ],
  'gitlab/no-proof.ts': [
    ['a job that moves tags must run', 'imageOfStep(name) !== undefined', "name.endsWith(':build')"],
  ],
  'commands/inspect-images.ts': [
    [
      'what must be there is asked for',
      'for (const { repository, tag } of image.after) {',
      'for (const { repository, tag } of image.after.slice(9)) {',
    ],
  ],
};
