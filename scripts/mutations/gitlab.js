/** GitLab's API, and which commit its pipelines have built: by file, `[rule, find, replace]`. */
export const gitlab = {
  'http/send.ts': [
    ['what changes something is sent once', '!READING.has(request.method) || ', ''],
    [
      'a wait fits into the budget',
      'if (waitMs >= left()) throw fail(failure, headers, asked > 0 ? asked : undefined);',
      '',
    ],
    ['a wait too long is told', 'asked > 0 ? asked : undefined', 'undefined'],
    [
      'GitLab says how long to wait',
      'Math.max(asked, retryMs * 2 ** (tries - 1))',
      'retryMs * 2 ** (tries - 1)',
    ],
    ['waits grow', 'retryMs * 2 ** (tries - 1)', 'retryMs'],
    ['nothing is asked behind the budget', 'if (timeMs <= 0) throw fail(spent);', ''],
    ['a request ends with the budget', 'Math.min(requestMs, left())', 'requestMs'],
    ['no second try mends a certificate', 'return !CERTIFICATE.test(failure.code);', 'return true;'],
    ['what comes too late is asked for again', "failure.kind === 'time-out';", 'false;'],
    ['the clock can not be set', 'performance.now() + budgetMs', 'Date.now() + budgetMs'],
  ],
  'http/fetch-once.ts': [
    ['fetch follows nothing by itself', "redirect: 'manual'", "redirect: 'follow'"],
    ['no other server is shown the token', 'next?.origin !== url.origin || ', 'next === undefined || '],
    ['no address is followed for ever', ' || hop === MOST_REDIRECTS', ''],
    ['what can not be sent is not told', 'cause === undefined ? name : error.message', 'error.message'],
    ['signatures are not told', '`${next.origin}${next.pathname}`', 'next.href'],
  ],
  'gitlab/api.ts': [
    ['answers hold no token', 'detail: concealed(message)', 'detail: message'],
    ['what is said holds no token', 'concealed(line)', 'line.trim()'],
    ['a token that is none is not sent', ' ?? tokenFault(token)', ''],
    ['an address with a password is not repeated', "parsed.username + parsed.password === ''", 'true'],
    ['an address has no query', "parsed.search + parsed.hash === '' && ", ''],
    ['pipelines are those of a branch', 'ref: branch, orderBy', 'orderBy'],
  ],
  'gitlab/token.ts': [
    ['a token is hidden in addresses too', ', encodeURIComponent(token.value)', ''],
    ['sentences are one line', ".replaceAll(/[\\s\\p{Cc}]+/gu, ' ')", ''],
  ],
  'gitlab/read-pages.ts': [
    ['the next page comes later', 'next !== undefined && next > page ? next', 'next !== undefined ? next'],
    [
      'a short page is not the last',
      '&& items.length < atMost',
      '&& items.length < atMost && items.length % 100 === 0',
    ],
    ['no more than asked for', 'items.slice(0, atMost)', 'items'],
  ],
  'gitlab/child-outcome.ts': [
    ['the last run counts', 'jobs.toSorted((a, b) => a.id - b.id)', 'jobs'],
    ['other child pipelines do not count', '|| !isOurs', ''],
    ['a job belongs to an image by its whole name', '`${image}:`', 'image'],
    [
      'nothing to do is the only job',
      'names.length === 1 && names[0] === NO_OP_JOB',
      'names[0] === NO_OP_JOB',
    ],
    [
      'files of waves are the only job',
      'names.length === 1 && names[0] === WAVE_FILES_JOB',
      'names.includes(WAVE_FILES_JOB)',
    ],
  ],
  'gitlab/pipeline-outcome.ts': [
    [
      'a tag is no branch',
      "if (triggers.value.some(({ tag }) => tag)) return notBuilt('it is of a tag');",
      '',
    ],
    ['who waits for a person is not idle', "!child && status !== 'manual'", '!child'],
    ['a child that did not start has not built', "return !child && status !== 'manual'", 'return false'],
    ['only a child of no success may be unread', " && child.status !== 'success'", ''],
    [
      'other projects are not asked',
      '(child.project_id ?? projectId).toString() !== projectId.toString()',
      'false',
    ],
  ],
  'gitlab/last-built.ts': [
    [
      'the present pipeline does not count',
      '.filter(({ id }) => String(id) !== String(presentPipeline))',
      '',
    ],
    ['nobody asks what has not started', 'others.filter(({ status }) => !NOT_DONE.has(status))', 'others'],
    ['newest is what git says', 'rank(a) - rank(b) || ', ''],
    ['schedules come last', ' || scheduled(a) - scheduled(b)', ''],
    ['few are looked at', '.slice(0, MOST_LOOKED_AT)', ''],
    ['a commit is asked for once', 'answers.set(commit, answer);', ''],
    ['an unknown past does not count', 'past !== true', 'past === false'],
  ],
  'gitlab/last-artifact.ts': [
    ['an unknown past does not count', 'past === true)', 'past !== false)'],
    ['what this clone has is in the past', 'history.includes(commit) || ', ''],
  ],
  'gitlab/no-proof.ts': [
    ['a rule may make a job wait', "RUNS.has(text(first['when'])) && ", ''],
    ['a rule may allow a failure', " || mayFail(first['allow_failure'])", ''],
  ],
  'pipeline/header.ts': [['a header ends', 'lines.slice(0, end === -1 ? lines.length : end)', 'lines']],
};
