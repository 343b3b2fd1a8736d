/** Which tags and labels images get: by file, `[rule, find, replace]`. */
export const tags = {
  'pipeline/ref-slug.ts': [
    ['a slug has 63 bytes at most', '.slice(0, 63)', ''],
    ['and no dash at its ends', ".replace(/^-+|-+$/g, '')", ''],
    ['a sign of two units is one', '/[^a-z0-9]/gu', '/[^a-z0-9]/g'],
  ],
  'pipeline/release.ts': [
    ['a version may have a v', '^v?((', '^(('],
    ['no number has a leading zero', "const NUMBER = '(?:0|[1-9][0-9]*)'", "const NUMBER = '[0-9]+'"],
    ['a pre-release is one', 'prerelease !== undefined', 'prerelease === null'],
  ],
  'pipeline/tag-patterns.ts': [
    ['what has no value gives no tag', 'values[name] === undefined', 'false'],
    ['a variable goes without braces where it can', '/\\$\\{(\\w+)\\}(?!\\w)/g', '/\\$\\{(\\w+)\\}()/g'],
    ['no line of releases is a date', 'number.length > LONGEST_NUMBER', 'false'],
    [
      'nor could one be',
      '`(?!\\\\d{${LONGEST_NUMBER + 1}})${VERSION_GRAMMAR.number}`',
      'VERSION_GRAMMAR.number',
    ],
    ['a dot is a dot', 'name === undefined ? `\\\\${text}`', 'name === undefined ? text'],
  ],
  'pipeline/tag-claims.ts': [
    ['a tag is one', 'if (!TAG.test(sample))', 'if (false)'],
    ['candidates are not published', 'reserved !== undefined', 'false'],
    ['an ending has one owner', 'owner !== image.variant', 'false'],
    ['what is looser yields', 'strictness(pattern) <= strictness(other.pattern) &&', ''],
    ['a pattern may give a tag twice', 'given.some((each) => givenBy(each, other, tag))', 'false'],
    ['a variable of a Git tag is none', "placeholdersOf(pattern).includes('sha') ?", 'true ?'],
    ['the longer ending owns', 'b.length - a.length', 'a.length - b.length'],
    ['a Git tag yields to all', "if (names.includes('tag')) return 0;", ''],
  ],
  'pipeline/published-tags.ts': [
    ['build metadata is refused', 'release?.build !== undefined', 'false'],
    ['a pre-release moves nothing', 'release && !release.isPrerelease ? given', 'release ? given'],
    ['something is published', 'put.length === 0', 'false'],
    ['a branch has a slug', "branch === '' && ", 'false && '],
    ['a marker stands where tags follow', 'follows.length === 0 ? undefined', 'false ? undefined'],
    ['a minor line is one', "names.includes('minor')", 'false'],
  ],
  'pipeline/tag-policy.ts': [
    [
      'what is right for one is not right for variants',
      'image.variant !== undefined || image.component !== undefined',
      'image.component !== undefined',
    ],
  ],
  'images/component.ts': [
    ['what only the base image knows is not known', 'value.unknown.length > 0', 'false'],
    ['an empty value is none', " && text !== ''", ''],
    ['of two values none counts', 'text !== one.text', 'false'],
    ['a tag holds it', '/^[\\w.-]+$/.test(version) && ', ''],
  ],
  'dockerfile/argument-values.ts': [
    ['what stands before the stages counts', '.globals.filter(declares)', '.globals.filter(() => false)'],
    ['and what stands in one', 'if (declares(instruction))', 'if (false)'],
  ],
  'dockerfile/label-names.ts': [
    ['labels of the stages it is built on count', 'planned.stage !== current.base.stage', 'true'],
    ['quotes are no part of a name', ".replace(/^([\"'])(.*)\\1$/, '$2')", ''],
  ],
  'pipeline/labels.ts': [
    ['what the Dockerfile says stays', 'value === undefined || own.includes(name)', 'value === undefined'],
  ],
  'pipeline/canonical-reference.ts': [
    ['a host has a dot or a port', '/[.:]/.test(first) || ', ''],
    ['or is this machine', " || first === 'localhost'", ''],
    ['one word is in the library', "!path.includes('/')", 'false'],
    ['a digest needs no tag', "digest === undefined ? 'latest' : undefined", "'latest'"],
  ],
};
