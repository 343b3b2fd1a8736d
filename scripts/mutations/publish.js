/** What is published and what stays: by file, `[rule, find, replace]`. */
export const publish = {
  'publish/semver.ts': [
    [
      'a release comes after its pre-releases',
      'return other.length - one.length;',
      'return one.length - other.length;',
    ],
    ['numbers come before words', 'return isNumber ? -1 : 1;', 'return isNumber ? 1 : -1;'],
    [
      'numbers are compared as numbers',
      'if (one.length !== other.length) return one.length - other.length;',
      '',
    ],
  ],
  'publish/version-tags.ts': [
    ['a pre-release moves nothing but itself', 'own.preRelease.length > 0', 'false'],
    ['nor does another one hold a tag', 'version.preRelease.length > 0 || ', ''],
    ['a tag is held by its own line alone', 'parts < 2 || version.minor === own.minor', 'true'],
    ['and by its own variant', 'if (!tag.endsWith(ending)) continue;', ''],
    ['the highest counts', 'highest?.version ?? own', 'own'],
    ['a line belongs to the release', "(ending === '' || ending.startsWith('-'))", 'true'],
  ],
  'publish/marker.ts': [['a marker is of one variant', 'found?.ending === ending', 'found']],
  'publish/decide-tags.ts': [
    ['a newer commit keeps its tags', 'if (overtaking !== undefined)', 'if (false)'],
    ['only what was published overtakes', '(commit) => published.has(commit)', '() => true'],
    ['what the branch no longer has does not move its tags', 'return onBranch ?', 'return true ?'],
  ],
  'publish/image-publication.ts': [
    ['a tag is named once', 'names.indexOf(one) < index', 'false'],
    ['what follows a branch has a commit', 'marker === undefined && branchTags.length > 0', 'false'],
  ],
  'publish/job-variables.ts': [
    ['tags are put inside one repository', 'if (place !== repository)', 'if (false)'],
    [
      'no tag is left out behind a gap',
      "throw wrong(`${prefix}_${index + 1}`, 'is not set, but one behind it is');",
      "return 'x';",
    ],
  ],
  'publish/publish-plan.ts': [
    ['markers are of the plan’s commit', 'image.marker.commit === commit', 'true'],
    ['no two images put one tag', 'if (other !== undefined)', 'if (false)'],
  ],
  'git/place-on-branch.ts': [
    ['behind a cut there may be more', 'if (newer.some((one) => cuts.has(one))) return undefined;', ''],
    [
      'what looks newer may be older behind a cut',
      'if (!matter.every((one) => after.has(one))) return undefined;',
      '',
    ],
    [
      'the branch may have been pushed back',
      'const onBranch = await isAncestor(history, commit, tip);',
      'const onBranch = true;',
    ],
  ],
  'registry/manifests.ts': [
    ['a manifest is what its digest says', 'promised !== undefined && promised !== digest', 'false'],
    [
      'a digest that is asked for is promised',
      "reference.startsWith('sha256:') ? reference : digestIn(reply)",
      'digestIn(reply)',
    ],
    ['a tag names what was put', 'put === undefined || put === digest', 'true'],
  ],
  'registry/tag-list.ts': [
    ['there may be more pages', 'if (next === undefined) break;', 'break;'],
    ['a list ends', 'if (seen.has(next))', 'if (false)'],
  ],
  'registry/missing-part.ts': [
    ['every platform counts', 'if (missing !== undefined) return missing;', ''],
    ['layers count', 'if (urls.length === 0 && !(await isThere(ask, one)))', 'if (false)'],
    ['some layers are elsewhere', 'urls.length === 0 && ', ''],
  ],
  'registry/login.ts': [
    ['a token is asked for what the registry wants', "['pull', ...before, ...asked]", "['pull']"],
    ['in this repository alone', '.filter((one) => one.startsWith(own))', ''],
  ],
  'registry/repositories.ts': [['what is put twice is put', 'isIdempotent: true', 'isIdempotent: false']],
  'commands/move-tags.ts': [
    ['what names it already is not put again', 'held?.digest !== manifest.digest) {', 'true) {'],
    [
      'an answer may be lost, and not the request',
      'if (now.ok && now.value?.digest === manifest.digest) return;',
      '',
    ],
    [
      'what was moved goes back',
      'const answer = await open(repositoryName).putManifest(tag, held);',
      'const answer = { ok: true, detail: open(repositoryName) && tag };',
    ],
  ],
  'commands/inspect-images.ts': [['an image stands whole', 'if (missing !== undefined)', 'if (false)']],
  'commands/publish.ts': [
    [
      'a plan is of this pipeline',
      'if (plan.pipeline === pipeline && plan.commit === commit) return plan;',
      'return plan;',
    ],
    [
      'tags that move come last, of all images',
      'return PHASES.flatMap((phase) =>',
      'return PHASES.toReversed().flatMap((phase) =>',
    ],
    ['a dry run signs nothing', 'if (sign && !isDry)', 'if (sign)'],
  ],
  'commands/sign-keyless.ts': [['what fails to sign stops', 'code === 0 ? undefined', 'true ? undefined']],
};
