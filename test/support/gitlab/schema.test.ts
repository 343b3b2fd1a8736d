import { afterEach, expect, test, vi } from 'vitest';

// The schema is compiled once for each import of the module.
async function check(yaml: string): Promise<string[]> {
  const { checkSchema } = await import('./schema.ts');
  return await checkSchema(yaml);
}

const sources = ['the copy in gitlab-ci-local', 'the newer copy beside the conformance data'] as const;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

test.for(sources)('accepts and refuses by %s', async (source, { skip }) => {
  if (source === sources[0]) vi.stubEnv('CONFORMANCE_DATA', undefined);
  else if (process.env['CONFORMANCE_DATA'] === undefined) return skip('CONFORMANCE_DATA is not set.');
  const sound =
    '.a: {script: [a]}\njob: {script: [!reference [.a, script], b], image: {name: i, entrypoint: [""]}}';
  expect(await check(sound)).toEqual([]);
  expect(await check('job: {script: [x], scripts: [y]}')).not.toEqual([]);
  expect(await check('job: {script: [x], interruptible: "true"}')).not.toEqual([]);
  expect(await check('stages: []\njob: {script: [x]}')).not.toEqual([]);
  expect(await check('job: {script: [x], artifacts: {path: [y]}}')).not.toEqual([]);
});

test('what extends brings in is validated where it arrives', async () => {
  expect((await check('.a: {interruptible: maybe}\njob: {extends: .a, script: [x]}')).join()).toContain(
    '/job',
  );
});

test('a file that is no mapping has no schema to meet', async () => {
  expect(await check('[]')).toEqual(['The top level of the file is not a mapping.']);
});
