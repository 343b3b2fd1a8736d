/** What a registry has, and what follows for a plan: by file, `[rule, find, replace]`. */
export const registry = {
  'registry/place.ts': [
    [
      'a host has a dot or a port, or is this machine',
      "/[.:]/.test(host) || host === 'localhost'",
      '/[.:]/.test(host)',
    ],
    ['what has no host is of Docker Hub', '!isHost || ', ''],
    ['Docker Hub has a name', " || host === 'docker.io'", ''],
    [
      'only this machine is asked without TLS',
      "LOOPBACK.test(host) || insecure.has(host) ? 'http' : 'https'",
      "'http'",
    ],
  ],
  'registry/credentials.ts': [
    [
      "the job's own log-in counts more",
      "logins.set(nameOf(registry), basic(`${user}:${password ?? ''}`));",
      'logins.get(registry);',
    ],
    ['but not than one of the very same name', ' && !Object.hasOwn(auths, registry)', ''],
    ['line breaks do not count', "encoded.replaceAll(/[\\r\\n]/g, '')", 'encoded'],
    ['what is not encoded is no log-in', '/^[A-Za-z0-9+/]+=*$/.test(one)', "one !== ''"],
    ['the longest path counts', '(a, b) => b.length - a.length', '(a, b) => a.length - b.length'],
    [
      'a path is matched by whole parts',
      '`${host}/${repository}/`.startsWith(`${name}/`)',
      '`${host}/${repository}/`.startsWith(name)',
    ],
    ['an address may end in a version', ".replace(/\\/v[12]\\/?$/, '')", ''],
  ],
  'registry/challenge.ts': [
    ['schemes are in any case', 'scheme.toLowerCase()', 'scheme'],
    ['parameters are in any case', 'name.toLowerCase()', 'name'],
    ['a backslash quotes', "quoted?.replaceAll(/\\\\(.)/g, '$1') ?? plain", 'quoted ?? plain'],
    ['a token needs a realm', "scheme === 'bearer' && parameters.has('realm')", "scheme === 'bearer'"],
  ],
  'registry/login.ts': [
    ['only what asks for a log-in gets one', ' || error.status !== 401', ''],
    ['a log-in is shown at once with the next request', 'known.set(key, { authorization, actions });', ''],
    [
      'a token is for one repository',
      "url.searchParams.set('scope', `repository:${place.repository}:${actions.join(',')}`);",
      '',
    ],
    [
      'whoever gives tokens is told for whom',
      "if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);",
      '',
    ],
    ['a log-in does not leave TLS', "&& origin.startsWith('http:')", ''],
    ['a realm holds no log-in', "url.username + url.password !== ''", 'false'],
    ['a token is one line', ' && /^[\\x21-\\x7e]+$/.test(found)', ''],
  ],
  'registry/registry.ts': [
    ['what is not there is an answer', 'if (status === 404) return { ok: true, value: undefined };', ''],
    ['a digest need not be told', 'value: digestOfBody(reply)', "value: 'sha256:'"],
    ['a page is no image', "MANIFESTS.includes(type.replace(/\\s*;.*/s, '').toLowerCase())", 'true'],
    ['a name may lead nowhere', '!URL.canParse(address)', 'false'],
    ['a layer is asked for once', 'blobs.set(url.href, known);', ''],
  ],
  'registry/manifests.ts': [
    [
      'a digest is one',
      'digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest)',
      'digest === undefined',
    ],
  ],
  'pipeline/fingerprint-tag.ts': [
    ['protected pipelines take nothing of others', 'isProtected ? [tag] :', 'false ? [tag] :'],
    ['what is not to be reused is not looked for', "if (reuse === 'off') return [];", ''],
    ['protected pipelines reuse nothing of others', "isProtected && reuse !== 'all'", 'false'],
    ['unless the config says so', "isProtected && reuse !== 'all'", 'isProtected'],
    ['a candidate is not verified', "!tag.startsWith('candidate-')", 'true'],
  ],
  'pipeline/image-tags.ts': [
    [
      'what is verified now is found as such',
      'reused.verified ? [] : fingerprints.filter((tag) => !isCandidate(tag))',
      '[]',
    ],
  ],
  'affected/fresh-images.ts': [
    ['what is asked for is built afresh', 'all || isAsked ||', 'all ||'],
    ['what may have been published since is copied', ' && reason.again !== true', ''],
    ['what is built on a fresh image is fresh', ' || dependsOn.some((name) => fresh.has(name))', ''],
    ['a pipeline may build all afresh', 'if (all || isAsked', 'if (isAsked'],
  ],
  'gitlab/builds-afresh.ts': [
    ['a schedule builds afresh', "CI_PIPELINE_SOURCE === 'schedule' || ", ''],
    ['AFFECTED_ALL does', ' || isOn(AFFECTED_ALL)', ''],
  ],
  'commands/generate.ts': [['a bake file copies nothing', "isBake ? 'off' : ", '']],
  'commands/find-reused.ts': [
    ['what is not known is said', 'if (unknown.length > 0)', 'if (false)'],
    ['a found image is whole', 'mustBeWhole: true', 'mustBeWhole: false'],
    ['what is found counts', "if (answer.kind !== 'published') continue;", 'continue;'],
  ],
  'commands/join-unaffected.ts': [
    ['a release is every image', "if (publication.kind === 'tag')", 'if (false)'],
    ['only the default branch heals', "options.publication.kind === 'default-branch' && ", ''],
    ['what can not be known does not join', "answer.kind !== 'absent'", "answer.kind === 'published'"],
    ['which is said', 'if (unknown.length > 0)', 'if (false)'],
    ['of what no build needs the tag is enough', 'mustBeWhole: false', 'mustBeWhole: true'],
  ],
  'commands/find-bases.ts': [
    ['what is affected is asked for no more', '!affected.has(base) && ', ''],
    ['a base image is whole', 'mustBeWhole: true', 'mustBeWhole: false'],
    ['what can not be asked for widens', "if (answer.kind === 'unknown')", 'if (false)'],
    ['what joins is looked into', 'else added.push(base);', ''],
    ['what nobody verified is no base of a protected build', 'verified || !isProtected', 'true'],
    ['an unverified base is copied', 'reused.set(base, { digest: answer.digest, verified });', ''],
    ['protected pipelines look for nothing of others', "!isProtected || options.reuse === 'all'", 'true'],
  ],
  'commands/join-images.ts': [
    ['joined images are no longer unaffected', '.filter((name) => !joined.has(name))', ''],
  ],
  'commands/registry-images.ts': [
    ['an image is pushed under the last of its tags', '.slice(-1)', '.slice(0, 1)'],
    ['what is fresh is not looked for', '!fresh.has(name) && ', ''],
    ['nobody is asked twice', ' && !isAbsent(name)', ''],
    ['a copy needs no base', '.filter((name) => !reused.has(name))', ''],
  ],
  'commands/registry-access.ts': [['a registry is named without its scheme', '.map(withoutScheme)', '']],
  'commands/open-registry.ts': [
    ['nobody is asked outside of GitLab', "!env['GITLAB_CI'] || ", ''],
    ['every variable of the registry is set', ' || missing.length > 0', ''],
    ['who does not answer is asked no more', 'failure ??= failed.detail', 'failure ??= undefined'],
    ['of one cause a line is said', 'told.has(cause)', 'false'],
    ['a slash behind the prefix is none of a name', "prefix.replace(/\\/+$/, '')", 'prefix'],
    ['what is not whole is not there', 'found.ok && part === undefined', 'found.ok'],
    ['what can not be known of a part can not be known', '[found, missing].find(', '[found].find('],
    ['all questions have one budget', 'open ??= openAsking', 'open = openAsking'],
  ],
};
