import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { lastArtifact } from '../../src/gitlab/last-artifact.ts';
import { pipelineHeader } from '../../src/pipeline/header.ts';
import { badGateway } from '../support/gitlab-server/faults.ts';
import { JOB, openApi, putProject, withFaults } from '../support/gitlab-server/project.ts';
import { type GitLabServer, startGitLab } from '../support/gitlab-server/server.ts';

const COMMIT = 'a'.repeat(40);
const OTHER = 'b'.repeat(64);
const LATEST = 'the latest successful pipeline of main';

let server: GitLabServer;
beforeAll(async () => {
  server = await startGitLab();
  return () => server.close();
});

async function find(
  text: string | undefined,
  more: Partial<Parameters<typeof lastArtifact>[0]> = {},
  others: Record<string, string> = {},
) {
  const artifacts = text === undefined ? {} : { 'out/child.yml': text, ...others };
  putProject(server, [
    {
      id: 1,
      ref: 'main',
      sha: COMMIT,
      status: 'success',
      jobs: [{ id: 11, name: 'generate', status: 'success', artifacts }],
    },
  ]);
  server.requests = [];
  return lastArtifact({
    api: openApi(server, { token: JOB }).api,
    projectId: 7,
    branch: 'main',
    job: 'generate',
    path: 'out/child.yml',
    history: [COMMIT],
    isAncestor: () => Promise.resolve(false),
    ...more,
  });
}

const header = (head: string) =>
  pipelineHeader({ base: null, head, baseWhy: `x\n# head ${OTHER}` })
    .map((line) => `# ${line}\n`)
    .join('');
const none = (why: string) => ({ ok: true, value: undefined, why });
const built = (commit: string) => ({
  ok: true,
  value: { commit, pipeline: undefined, why: `${LATEST} built all it planned` },
});

describe('the child pipeline’s file of the latest success', () => {
  test.each(['child-pipeline', 'nothing-affected'])('tells the commit: %s', async (golden) => {
    const text = await readFile(join(import.meta.dirname, `../golden/${golden}.yml`), 'utf8');
    const head = /^# head (.*)$/m.exec(text)?.[1] as string;
    expect(await find(text, { history: [head] })).toEqual(built(head));
    expect(server.requests).toEqual([
      {
        method: 'GET',
        path: '/projects/7/jobs/artifacts/main/raw/out/child.yml?job=generate',
        token: 'job',
      },
    ]);
  });

  test('does not tell it where a person said what to compare with', async () => {
    const named = pipelineHeader({ base: COMMIT, head: COMMIT, baseWhy: 'AFFECTED_BASE names it' });
    const text = `${named.map((line) => `# ${line}\n`).join('')}a:build: {script: [x]}`;
    const why = 'AFFECTED_BASE named what it was compared with';
    expect(await find(text)).toEqual(none(`${LATEST} does not prove that all is built: ${why}`));
  });

  test('may be of a commit that this clone does not have', async () => {
    const text = `${header(OTHER)}a:build: {script: [x]}`;
    expect(await find(text, { isAncestor: (commit) => Promise.resolve(commit === OTHER) })).toEqual(
      built(OTHER),
    );
    const of = `the commit of ${LATEST}, ${OTHER}, is`;
    expect(await find(text)).toEqual(none(`${of} not in this commit's history`));
    const unknown = { isAncestor: () => Promise.resolve(undefined) };
    expect(await find(text, unknown)).toEqual(none(`${of} unknown here`));
  });

  test('tells it of all the pipelines that it starts', async () => {
    const golden = await readFile(join(import.meta.dirname, '../golden/waves.yml'), 'utf8');
    const starting = golden.slice(0, golden.lastIndexOf('# Written by'));
    const wave = `${header(COMMIT)}a:build: {script: [x]}\n`;
    const text = starting.replace('\n\n', `\n# head ${COMMIT}\n\n`);
    const [first, second] = ['child-pipeline.wave-1.yml', 'child-pipeline.wave-2.yml'] as const;
    expect(await find(text, {}, { [first]: wave, [second]: wave })).toEqual(built(COMMIT));
    const unsure = `${header(COMMIT)}a:build: {script: [x], allow_failure: true}\n`;
    for (const [waves, why] of [
      [{ [first]: wave, [second]: unsure }, 'a:build may fail (allow_failure)'],
      [
        { [first]: wave, [second]: `${header(COMMIT)}x: {script: [x]}\n` },
        'it has no job that builds an image',
      ],
      [{ [first]: wave }, `${second} is not there`],
      [{ [first]: wave.replaceAll(COMMIT, 'c'.repeat(40)), [second]: wave }, `${first} is not there`],
    ] as const) {
      expect(await find(text, {}, waves)).toEqual(none(`${LATEST} does not prove that all is built: ${why}`));
    }
  });

  test('may not be there', async () => {
    const why = `${LATEST} has no out/child.yml of a job generate, or it may not be read`;
    expect(await find(undefined)).toEqual(none(why));
    expect(await find('x', { job: 'other' })).toEqual(
      none(`${LATEST} has no out/child.yml of a job other, or it may not be read`),
    );
  });

  test.each([
    ['nothing', ''],
    ['another file', `a:build: {script: [x]}\n${header(COMMIT)}`],
    ['another comment', `# head ${COMMIT}\na:build: {script: [x]}\n`],
    ['a comment further down', `${header('HEAD')}a:build: {script: [x]}\n# head ${COMMIT}\n`],
    ['no commit', `${header('HEAD')}a:build: {script: [x]}\n`],
    ['an abbreviated commit', `${header(COMMIT.slice(1))}a:build: {script: [x]}\n`],
  ])('may be something else: %s', async (_, text) => {
    expect(await find(text)).toEqual(
      none(`out/child.yml of ${LATEST} is no child pipeline of affected generate`),
    );
  });

  test('may not be had', async () => {
    withFaults(server, [badGateway(500)]);
    expect(await find(`${header(COMMIT)}a:build: {script: [x]}`)).toMatchObject({ ok: false, status: 500 });
  });
});

describe('its success proves nothing', () => {
  const hidden = (lines: string) => `.t: {script: [x]${lines}}\na:build: {extends: .t}\n`;
  test.each<string[] | [string, string, unknown]>([
    ['a build may fail', 'a:build: {allow_failure: true}', 'a:build may fail (allow_failure)'],
    ['with some exit codes', 'a:build: {allow_failure: {exit_codes: 1}}', 'a:build may fail (allow_failure)'],
    ['by what it extends', hidden(', allow_failure: true'), 'a:build may fail (allow_failure)'],
    [
      'and not the first',
      'b:build: {script: [x]}\na:build: {allow_failure: true}',
      'a:build may fail (allow_failure)',
    ],
    [
      'by a reference',
      '.t: {f: true}\na:build: {allow_failure: !reference [.t, f]}',
      'a:build may fail (allow_failure)',
    ],
    ['a build waits for a person', 'a:build: {when: manual}', 'a:build may not run (when)'],
    [
      'a person publishes',
      'a:build: {script: [x]}\na:publish: {when: manual}',
      'a:publish may not run (when)',
    ],
    ['by what it extends', hidden(', when: manual'), 'a:build may not run (when)'],
    ['a build runs after a failure only', 'a:build: {when: on_failure}', 'a:build may not run (when)'],
    ['a build has only', 'a:build: {only: [tags]}', 'a:build may be left out (only)'],
    ['a build has except', hidden(', except: [tags]'), 'a:build may be left out (except)'],
    ...['if: $X', 'changes: [x]', 'exists: [x]', 'when: manual', 'when: never', 'allow_failure: true'].map(
      (rule) => [
        `a rule has ${rule}`,
        hidden(`, rules: [{${rule}}]`),
        'a:build may be left out, wait or fail (rules)',
      ],
    ),
    ['no rule', 'a:build: {rules: []}', 'a:build may be left out, wait or fail (rules)'],
    [
      'rules of a reference',
      'a:build: {rules: [!reference [.t, rules]]}',
      'a:build may be left out, wait or fail (rules)',
    ],
    ['there is no build', 'test: {script: [x]}', 'it has no job that builds an image'],
    ['it can’t be read', 'a:build: {', expect.stringMatching(/^out\/child\.yml:\d+:\d+: .*; mend the YAML$/)],
  ])('where %s: %#', async (...[, text, doubt]) => {
    const { why } = (await find(`${header(COMMIT)}${text}\n`)) as { why: string };
    const start = `${LATEST} does not prove that all is built: `;
    expect(why.slice(0, start.length)).toBe(start);
    expect(why.slice(start.length)).toEqual(doubt);
  });

  test.each([
    'a:build: {allow_failure: false, when: on_success}',
    'a:build: {rules: [{when: always}, {if: $X, when: never}]}',
    'a:build: {rules: [{when: on_success, allow_failure: false, variables: {A: b}}]}',
    '.t: {allow_failure: true, when: manual}\na:build: {extends: .t, allow_failure: false, when: always}',
    'a:build: {script: [x]}\na:test: {allow_failure: true, when: manual}',
  ])('but not with %s', async (text) => {
    expect(await find(`${header(COMMIT)}${text}\n`)).toEqual(built(COMMIT));
  });
});
