import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { explainFailure } from '../../src/gitlab/explain-failure.ts';
import { NoAnswerError } from '../../src/http/answer.ts';
import type { FailedRequest, Failure } from '../../src/http/failure.ts';
import { openSender } from '../../src/http/send.ts';
import { badGateway, type Fault, tooManyRequests } from '../support/gitlab-server/faults.ts';
import { JOB, openApi, PRIVATE, putProject, withFaults } from '../support/gitlab-server/project.ts';
import { type GitLabServer, refusingUrl, startGitLab } from '../support/gitlab-server/server.ts';

const ofMain = { projectId: 7, branch: 'main', atMost: 100 };
const QUERY = '?ref=main&order_by=id&sort=desc&page=1&per_page=100';

let server: GitLabServer;
beforeAll(async () => {
  server = await startGitLab();
  // The library is loaded before any budget runs.
  await openApi(server).api.pipelines(ofMain);
  return () => server.close();
});
beforeEach(() => {
  putProject(server, []);
});

/** What is answered under faults, what was said, and how often GitLab was asked. */
async function ask(faults: (Fault | undefined)[], options: Parameters<typeof openApi>[1] = {}) {
  withFaults(server, faults);
  const { api, said } = openApi(server, options);
  const answer = await api.pipelines(ofMain);
  return { answer, said, asked: server.requests.length };
}

const address = () => `${server.url}/projects/7/pipelines`;
const answered = { ok: true, value: [] };

describe('what may pass is asked again', () => {
  test.each<[string, Fault, string]>([
    ['429', tooManyRequests('0'), 'GitLab refuses GET <url> after too many requests (429)'],
    ['502', badGateway(502), 'GitLab failed to answer GET <url> (502)'],
    ['503', badGateway(503), 'GitLab failed to answer GET <url> (503)'],
    ['504', badGateway(504), 'GitLab failed to answer GET <url> (504)'],
    [
      'a connection cut',
      { kind: 'cut' },
      'there is no connection to <server>, or it breaks off (UND_ERR_SOCKET)',
    ],
    [
      'a body cut',
      { kind: 'cut-in-body' },
      'there is no connection to <server>, or it breaks off (UND_ERR_SOCKET)',
    ],
  ])('%s', async (_, fault, sentence) => {
    const detail = sentence.replace('<url>', address()).replace('<server>', new URL(server.url).origin);
    const request = `GET ${address()}${QUERY}\n`;
    expect(await ask([fault, fault, fault])).toEqual({
      answer: answered,
      asked: 4,
      said: [
        request,
        `${detail}; trying again in 0.001 s\n`,
        request,
        `${detail}; trying again in 0.002 s\n`,
        request,
        `${detail}; trying again in 0.004 s\n`,
        request,
      ],
    });
    const failed = await ask(Array.from({ length: 9 }, () => fault));
    expect(failed).toMatchObject({ answer: { ok: false, detail: `${detail}, 4 times` }, asked: 4 });
  });

  test('an answer that does not come in time, or not all of it', async () => {
    expect(await ask([{ kind: 'hang-in-body' }], { requestMs: 1000 })).toMatchObject({
      answer: answered,
      asked: 2,
    });
    const detail = `GitLab did not answer GET ${address()} within 0.05 s`;
    const late: Fault[] = [
      { kind: 'hang' },
      { kind: 'hang-in-body' },
      { kind: 'slow', ms: 500 },
      { kind: 'hang' },
    ];
    const { answer, said, asked } = await ask(late, { requestMs: 50 });
    expect({ answer, asked }).toEqual({ answer: { ok: false, detail: `${detail}, 4 times` }, asked: 4 });
    expect(said[1]).toBe(`${detail}; trying again in 0.001 s\n`);
  });

  test('a slow one is waited for', async () => {
    expect(await ask([{ kind: 'slow', ms: 20 }])).toMatchObject({ answer: answered, asked: 1 });
  });

  test('no one listening', async () => {
    const url = await refusingUrl();
    const { api, said } = openApi({ url });
    const detail = `there is no connection to ${new URL(url).origin}, or it breaks off (ECONNREFUSED), 4 times`;
    expect(await api.pipelines(ofMain)).toEqual({ ok: false, detail });
    expect(said).toHaveLength(7);
  });

  test.each([400, 401, 403, 404, 409, 500, 501])('but not %i', async (status) => {
    expect(await ask([badGateway(status)])).toMatchObject({ answer: { ok: false, status }, asked: 1 });
  });

  test.each(['POST', 'PUT', 'DELETE'])('but not what changes something: %s', async (method) => {
    withFaults(server, [badGateway(502)]);
    const explain = (failure: Failure, failed: FailedRequest) =>
      explainFailure(failure, { ...failed, token: undefined });
    const send = openSender({
      explain,
      budgetMs: 9000,
      requestMs: 9000,
      retryMs: 1,
      say: () => {},
      proxyOf: () => undefined,
      mostBytes: 1000,
      followsElsewhere: false,
    });
    const sent = send({ method, url: new URL(address()), headers: {}, body: '{}' });
    const error = await sent.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoAnswerError);
    expect(error).toMatchObject({
      message: `GitLab failed to answer ${method} ${address()} (502)`,
      status: 502,
    });
    expect(server.requests).toMatchObject([{ method }]);
  });
});

describe('a wait that GitLab asks for', () => {
  test.each([
    ['in seconds', { 'retry-after': '1' }],
    [
      'as a date of its own clock',
      { 'retry-after': 'Wed, 21 Oct 2015 07:28:01 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' },
    ],
  ])('is kept: %s', async (_, headers) => {
    const { answer, said } = await ask([{ kind: 'answer', answer: { status: 429, headers, body: '' } }]);
    expect(answer).toEqual(answered);
    expect(said[1]).toMatch(/; trying again in 1 s\n$/);
  });

  test.each([
    ['429', tooManyRequests('3600'), 'refuses GET <url> after too many requests (429)', '3600 s'],
    [
      '429 of a far date',
      tooManyRequests('Fri, 31 Dec 9999 23:59:59 GMT'),
      'refuses GET <url> after too many requests (429)',
      '\\d+ s',
    ],
    [
      '503',
      { kind: 'answer', answer: { status: 503, headers: { 'retry-after': '21' }, body: '' } } as const,
      'failed to answer GET <url> (503)',
      '21 s',
    ],
  ])('is not begun where the budget ends before: %s', async (_, fault, sentence, wait) => {
    const { answer, asked } = await ask([fault]);
    expect(asked).toBe(1);
    const start = `GitLab ${sentence.replace('<url>', address())}, and asks to wait `;
    expect((answer as { detail: string }).detail.slice(0, start.length)).toBe(start);
    expect((answer as { detail: string }).detail.slice(start.length)).toMatch(
      new RegExp(`^${wait}, for which there is no time$`),
    );
  });

  test('of our own is not begun either', async () => {
    const { answer, asked, said } = await ask([badGateway(502)], { retryMs: 60_000 });
    expect(answer).toEqual({
      ok: false,
      status: 502,
      detail: `GitLab failed to answer GET ${address()} (502)`,
    });
    expect([asked, said.length]).toEqual([1, 1]);
  });
});

describe('the budget', () => {
  const spent = (seconds: number) => ({
    ok: false,
    detail: `GitLab was not done answering within ${seconds} s, which is all the time it gets`,
  });

  test('ends a request that hangs, and all that come after it', async () => {
    withFaults(server, [{ kind: 'hang' }]);
    const { api } = openApi(server, { budgetMs: 1000 });
    expect(await api.pipelines(ofMain)).toEqual(spent(1));
    expect(await api.jobs({ projectId: 7, pipeline: 1 })).toEqual(spent(1));
    expect(server.requests).toHaveLength(1);
  });

  test('ends a list of which there is always more', async () => {
    withFaults(server, []);
    server.faultFor = ({ path }) => ({
      kind: 'answer',
      answer: {
        status: 200,
        headers: { 'x-next-page': `${Number(/&page=(\d+)/.exec(path)?.[1]) + 1}` },
        body: [],
      },
    });
    expect(await openApi(server, { budgetMs: 300 }).api.pipelines(ofMain)).toEqual(spent(0.3));
  });

  test('knows no clock that can be set', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    withFaults(server, []);
    let year = 2000;
    server.faultFor = () => {
      vi.setSystemTime(new Date(year === 2000 ? (year = 2100) : (year = 2000), 1));
      return server.requests.length < 4 ? badGateway(503) : undefined;
    };
    const { api } = openApi(server, { budgetMs: 20_000 });
    expect(await api.pipelines(ofMain)).toEqual(answered);
    expect(server.requests).toHaveLength(4);
  });
});

const openssl = (() => {
  try {
    return execFileSync('openssl', ['version']).length > 0;
  } catch {
    return false;
  }
})();

test.skipIf(!openssl)('a certificate of nobody known is not asked twice (needs openssl)', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'affected-tls-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [key, certificate] = [join(directory, 'key'), join(directory, 'certificate')];
  const subject = ['-subj', '/CN=localhost', '-days', '1', '-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', ...subject], { stdio: 'ignore' });
  const https = createServer({ key: readFileSync(key), cert: readFileSync(certificate) });
  await new Promise<void>((listening) => https.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void https.close());
  const origin = `https://127.0.0.1:${(https.address() as AddressInfo).port}`;
  const { api, said } = openApi({ url: `${origin}/api/v4` });
  expect(await api.pipelines(ofMain)).toEqual({
    ok: false,
    detail: `the certificate of ${origin} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT): set NODE_EXTRA_CA_CERTS to the file of its authority, in a job $CI_SERVER_TLS_CA_FILE`,
  });
  expect(said).toHaveLength(1);
});

describe('no token is ever printed', () => {
  const characters = [...'abcXYZ0189-_.~+/=%&?#"<>'];
  const anyToken = fc.record({
    kind: fc.constantFrom('private' as const, 'job' as const),
    value: fc.string({ unit: fc.constantFrom(...characters), minLength: 8, maxLength: 40 }),
  });

  /** A GitLab, or something before it, that repeats what it was shown wherever it can. */
  const echoes = (value: string): fc.Arbitrary<Fault> => {
    const body = fc.constantFrom<unknown>(
      { message: value },
      { error: [value, { [value]: value }] },
      value,
      `${value}\n${value}`,
    );
    const headers = fc.constantFrom<Record<string, string>>(
      {},
      { location: `/${value}` },
      { location: `http://127.0.0.1:1/${encodeURIComponent(value)}?token=${value}` },
      { 'retry-after': value },
      { 'x-next-page': value, link: `<${value}?page=2>; rel="next"` },
    );
    const status = fc.constantFrom(200, 201, 302, 307, 400, 401, 403, 404, 422, 429, 500, 502, 503);
    const answer = fc
      .record({ status, headers, body })
      .map((each): Fault => ({ kind: 'answer', answer: each }));
    const broken = fc.constantFrom<Fault>(
      { kind: 'html' },
      { kind: 'invalid-json' },
      { kind: 'cut' },
      { kind: 'cut-in-body' },
    );
    return fc.oneof({ weight: 4, arbitrary: answer }, broken);
  };

  test('whatever GitLab answers', async () => {
    const cases = anyToken.chain((token) =>
      fc.record({
        token: fc.constant(token),
        faults: fc.array(echoes(token.value), { minLength: 1, maxLength: 5 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ token, faults }) => {
        withoutCleanup(faults);
        const { api, said } = openApi(server, { token, requestMs: 500 });
        const outOfPlace = { projectId: 7, branch: token.value, job: token.value, path: token.value };
        const printed = [
          await api.pipelines(ofMain),
          await api.artifactFile(outOfPlace),
          await api.triggerJobs({ projectId: token.value, pipeline: 1 }),
        ].flatMap((answer) => (answer.ok ? [] : [answer.detail]));
        for (const text of [...printed, ...said]) {
          expect(text).not.toContain(token.value);
          expect(text).not.toContain(encodeURIComponent(token.value));
          expect(text.trimEnd()).not.toMatch(/[\n\r]/);
        }
      }),
    );
    server.faults = [];
  });

  test('nor one that can’t be sent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 8 }), async (value) => {
        withoutCleanup([]);
        const { api, said } = openApi(server, { token: { kind: 'private', value } });
        const answer = await api.pipelines(ofMain);
        expect(JSON.stringify([answer, said])).not.toContain(JSON.stringify(value).slice(1, -1));
      }),
    );
  });

  function withoutCleanup(faults: Fault[]): void {
    server.faults = [...faults];
    server.requests = [];
  }
});

test('each token goes into the header GitLab looks for it in, and nowhere else', async () => {
  for (const token of [PRIVATE, JOB, undefined]) {
    await ask([], { token });
    expect(server.requests).toEqual([
      { method: 'GET', path: `/projects/7/pipelines${QUERY}`, token: token?.kind },
    ]);
  }
});
