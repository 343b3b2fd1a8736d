import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { logs, statuses } from '../support/gitlab/try-pipeline.ts';
import { createRepository } from '../support/repository.ts';
import { readImageFile } from './image-files.ts';
import { repositoryOf, runChildPipeline, startPlatform } from './platform.ts';
import { readTags } from './registry-client.ts';
import type { Tools } from './tools.ts';
import { withKaniko } from './with-kaniko.ts';

type Fault = (request: IncomingMessage, response: ServerResponse) => void;

const answers =
  (status: number, code: string): Fault =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' });
    response.end(JSON.stringify({ errors: [{ code, message: 'not now' }] }));
  };
/** Takes the beginning of what is sent, and hangs up. */
const hangsUp: Fault = (request) => {
  request.once('data', () => request.socket.destroy());
};
const hangsUpAtOnce: Fault = (request) => request.socket.destroy();

/** A base and a dependent, where some of the job's requests meet a fault: as often as said, or always. */
async function withFault(
  tools: Tools,
  { matches, fault, times }: { matches: RegExp; fault: Fault; times: number },
) {
  let isOn = false;
  let met = 0;
  const platform = await startPlatform(tools, {
    fault(request, response) {
      if (!isOn || met >= times || !matches.test(`${request.method} ${request.url}`)) return false;
      met += 1;
      fault(request, response);
      return true;
    },
  });
  const repository = await createRepository();
  const base = await repository.commit({ README: '' });
  await repository.commit({
    'base/Dockerfile': `FROM ${platform.busybox}\nCOPY Dockerfile /base\n`,
    'app/Dockerfile': 'FROM base\nCOPY Dockerfile /app\n',
  });
  isOn = true;
  const run = await runChildPipeline(platform, repository, { base });
  isOn = false;
  return { platform, run, met };
}

const manifestOfOutside = /GET .*\/outside\/busybox\/manifests\//u;
const uploadedBlob = /P(?:ATCH|UT) .*\/blobs\/uploads\//u;
const pushedManifest = /PUT .*\/manifests\//u;

withKaniko('a registry with faults', (tools) => {
  test.each<[string, RegExp, Fault]>([
    ['is busy when a base is read', manifestOfOutside, answers(429, 'TOOMANYREQUESTS')],
    ['fails when a base is read', manifestOfOutside, answers(503, 'UNAVAILABLE')],
    ['hangs up in the middle of a push', uploadedBlob, hangsUp],
    ['fails when a layer is pushed', uploadedBlob, answers(502, 'UNKNOWN')],
    ['is busy when a manifest is pushed', pushedManifest, answers(429, 'TOOMANYREQUESTS')],
  ])('that %s a few times is asked again', async (_, matches, fault) => {
    const { platform, run, met } = await withFault(tools, { matches, fault, times: 4 });
    expect(met).toBe(4);
    expect(statuses(run), logs(run)).toEqual(['base:build success', 'app:build success']);
    const file = { repository: repositoryOf('app'), reference: 'mr-7', path: 'base' };
    expect(await readImageFile(platform.registry, file)).toContain('COPY Dockerfile /base');
  });

  test.each<[string, RegExp, Fault]>([
    ['never gives a base', manifestOfOutside, hangsUpAtOnce],
    ['never takes a manifest', pushedManifest, answers(429, 'TOOMANYREQUESTS')],
  ])('that %s fails the job, and nothing is built on it', async (_, matches, fault) => {
    const { platform, run } = await withFault(tools, { matches, fault, times: Infinity });
    expect(statuses(run), logs(run)).toEqual(['base:build failed', 'app:build skipped']);
    expect(await readTags(platform.registry, repositoryOf('base'))).toEqual([]);
  });
});
