import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { output, statuses, tryPipeline } from '../support/gitlab/try-pipeline.ts';
import { kanikoContainer } from './container.ts';
import { withKaniko } from './with-kaniko.ts';

withKaniko('a job’s container', (tools) => {
  const image = `image: {name: "${tools?.name}", entrypoint: [""]}`;
  const inContainer = (yaml: string) => tryPipeline(yaml, { container: kanikoContainer(tools) });

  test('holds what the image holds, and nothing of this machine', async () => {
    const run = await inContainer(`
job:
  ${image}
  script:
    - ls -A /
    - pwd
    - ls
    - readlink /proc/1/exe
    - set | grep -c -e VITEST -e NODE || true
    - cut -d ' ' -f 5 /proc/self/mountinfo | grep -v ^/dev/
`);
    expect(output(run)).toEqual([
      ...['.dockerenv', 'bin', 'builds', 'busybox', 'dev', 'etc', 'kaniko', 'proc', 'workspace'],
      '/builds/group/project',
      'docker',
      '/busybox/busybox',
      '0',
      ...['/', '/kaniko/executor', '/etc/hosts', '/etc/resolv.conf', '/.dockerenv'],
      ...['/builds', '/builds/group/project', '/proc', '/busybox', '/dev'],
    ]);
  });

  test('keeps what its scripts do to it until they are through', async () => {
    const run = await inContainer(`
job:
  ${image}
  script: [rmdir /workspace, mkdir /only-here, ': > /kaniko/note']
  after_script: [ls / /kaniko]
`);
    expect(output(run)).toEqual(expect.arrayContaining(['only-here', 'note']));
    expect(output(run)).not.toContain('workspace');
    expect(existsSync('/only-here')).toBe(false);
  });

  test('ends with the job, and all that it left running', async () => {
    const run = await inContainer(`
job:
  ${image}
  script: [(sleep 1000; echo late) & echo early]
`);
    expect([statuses(run), output(run)]).toEqual([['job success'], ['early']]);
  });

  test.each([
    ['another image', 'image: {name: alpine, entrypoint: [""]}', /there is only/u],
    ['no image', 'tags: [any]', /there is only/u],
    ['Kaniko’s entrypoint in place', `image: "${tools?.name}"`, /does not take the entrypoint/u],
  ])('is refused to a job with %s', async (_, settings, message) => {
    await expect(inContainer(`job: {${settings}, script: [echo]}\n`)).rejects.toThrow(message);
  });
});
