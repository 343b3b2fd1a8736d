import type { Config } from '../../src/config/schema.ts';
import { discoverImages } from '../../src/images/discover.ts';
import { buildLevels, imageGraph } from '../../src/images/graph.ts';
import { resolveImages } from '../../src/images/resolve.ts';
import { type CiFile, parseCiFile } from '../../src/pipeline/ci-yaml.ts';
import { limitsOf, type LimitSettings } from '../../src/pipeline/limits.ts';
import {
  commonOf,
  NO_REGISTRY_IMAGES,
  type PipelinePlan,
  planPipeline,
  type PlanOptions,
  type RegistryImages,
} from '../../src/pipeline/plan.ts';
import { parseTemplates } from '../../src/pipeline/templates.ts';
import { createTree } from '../../src/tree.ts';
import { configOf } from './snapshot.ts';

const templates = parseTemplates(
  new Map([
    [
      'ci-templates/kaniko.yml',
      '.kaniko-build: {script: [build], rules: [{when: on_success}], artifacts: {reports: {dotenv: a.env}}}\n',
    ],
    [
      'ci-templates/no-op.yml',
      '.affected-no-op: {stage: build, script: [echo], rules: [{when: on_success}]}\n',
    ],
    [
      'ci-templates/barrier.yml',
      '.affected-barrier: {stage: build, script: [hand], rules: [{when: on_success}], artifacts: {reports: {dotenv: a.env}}}\n',
    ],
    [
      'ci-templates/publish.yml',
      '.affected-publish: {script: [publish], rules: [{when: on_success}], artifacts: {reports: {dotenv: a.env}}}\n',
    ],
    [
      'ci-templates/verify.yml',
      ['scan', 'sbom', 'structure-test', 'sign']
        .map((step) => `.affected-${step}: {script: [${step}], rules: [{when: on_success}]}\n`)
        .join(''),
    ],
    ['ci-templates/wave-files.yml', '.affected-wave-files: {script: [echo], rules: [{when: on_success}]}\n'],
    ['ci-templates/ruled.yml', '.ruled: {script: [x], rules: [{if: $CI_COMMIT_TAG}]}\n'],
    ['ci-templates/bare.yml', '.bare: {script: [build], artifacts: {reports: {dotenv: a.env}}}\n'],
  ]),
);

/** Plans the images of `files` with the given ones affected; all where none are named. */
export function plan(...[files, options]: Parameters<typeof planOptions>): PipelinePlan {
  const planned = planOptions(files, options);
  return planPipeline({ ...planned, ...commonOf(planned) });
}

function publicationOf(
  name: NonNullable<Parameters<typeof planOptions>[1]>['publication'] = 'merge-request',
): PlanOptions['publication'] {
  if (name === 'merge-request') return { kind: name, iid: '7' };
  return name === 'default-branch' ? { kind: name, branch: 'main' } : name;
}

/** What `plan` plans. */
export function planOptions(
  files: Record<string, string>,
  options: {
    affected?: string[];
    template?: string;
    publication?: 'merge-request' | 'default-branch' | PlanOptions['publication'];
    verify?: Config['verify'];
    sign?: string;
    tags?: Config['tags'];
    registryImages?: Partial<RegistryImages>;
    images?: NonNullable<Parameters<typeof configOf>[0]>['images'];
    limits?: Partial<LimitSettings>;
  } = {},
): PlanOptions {
  const entries = Object.keys(files).map(
    (path, index) => [path, { mode: '100644', oid: String(index) }] as const,
  );
  const tree = createTree(new Map(entries));
  const config: Config = configOf({
    template: options.template ?? '.kaniko-build',
    images: options.images ?? {},
    verify: options.verify ?? { scan: false, sbom: false },
  });
  const images = discoverImages({ tree, config, repositoryName: 'project', fileArgs: new Map() });
  const resolved = resolveImages({ snapshot: { tree, text: (path) => files[path] }, images, config }).images;
  const order = buildLevels(imageGraph(resolved)).flat();
  const affected = order.filter((name) => options.affected?.includes(name) ?? true);
  const ciFiles = affected.flatMap((name): [string, CiFile][] => {
    const file = `${resolved.get(name)?.image.directory}/.gitlab-ci.yml`;
    const text = files[file];
    return text === undefined ? [] : [[name, parseCiFile(text, file)]];
  });
  return {
    affected: affected.flatMap((name) => resolved.get(name) ?? []),
    images: resolved,
    registry: '$CI_REGISTRY_IMAGE',
    publication: publicationOf(options.publication),
    pipeline: '42',
    patterns: options.tags ?? config.tags,
    release: { publish: '.affected-publish', sign: options.sign ?? 'off' },
    structureTests: new Set(
      affected.filter((name) => tree.has(resolved.get(name)?.inputs.structureTest ?? '')),
    ),
    registryImages: { ...NO_REGISTRY_IMAGES, ...options.registryImages },
    templates,
    limits: limitsOf({ tier: 'self-managed', ...options.limits }),
    ciFiles: new Map(ciFiles),
    dockerfiles: new Map(
      affected.map((name) => [name, files[resolved.get(name)?.image.dockerfile ?? ''] ?? '']),
    ),
  };
}
