import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { unusedSettings } from '../../src/commands/check-settings.ts';
import { parseConfig } from '../../src/config/parse.ts';
import { discoverImages } from '../../src/images/discover.ts';
import { resolveImages } from '../../src/images/resolve.ts';
import { namedLikeDockerfiles } from '../../src/init/dockerfiles.ts';
import { notesOn } from '../../src/init/notes.ts';
import { type Proposal, propose } from '../../src/init/propose.ts';
import { renderConfigYaml } from '../../src/render/config-yaml.ts';
import { runs } from '../support/runs.ts';
import { snapshot } from '../support/snapshot.ts';

const segment = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('base', 'java', 'docker', 'images', 'web', 'alpine', 'base-java') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'Web',
      'a b',
      '{x}',
      '[q]',
      '$v',
      'ü',
      '.hid',
      'test',
      '(p)',
      '!n',
      '*',
      'null',
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('yes', '1', '-', "'", '"', '\n', '\\', '\udc80', '#', ': ', 'a{{b}}', '@'),
  },
);
const basename = fc.constantFrom(
  'Dockerfile',
  'Dockerfile',
  'Dockerfile',
  'Dockerfile.alpine',
  'Dockerfile.in',
  'Dockerfile.{a}',
  'dockerfile',
  'Containerfile',
  'web.Dockerfile',
  'Dockerfile-java',
  'docker-bake.hcl',
);
const reference = fc
  .tuple(
    fc.constantFrom(
      '',
      'acme/',
      'registry.example.com/g/',
      '$R/',
      '$CI_REGISTRY_IMAGE/',
      'quay.io/acme/pre-',
      '$U/',
    ),
    fc.constantFrom('base', 'java', 'web', 'base-java', 'docker/base', 'debian', 'a'),
    fc.constantFrom('', '', ':latest', ':1', ':$T', ':$U', ':alpine', `@sha256:${'0'.repeat(64)}`),
  )
  .map((parts) => parts.join(''));
const dockerfile = fc
  .tuple(
    reference,
    fc.option(reference.filter((text) => !text.includes('$'))),
    fc.constantFrom('', 'COPY run /\n', 'COPY docker/* /\n', 'COPY ../x /\n', 'COPPY\n'),
  )
  .map(
    ([from, other, copy]) =>
      `ARG R=quay.io/acme\nARG T=2\nARG U\nARG CI_REGISTRY_IMAGE\nFROM ${from}\n${other === null ? '' : `COPY --from=${other} / /\n`}${copy}`,
  );
const repository = fc
  .array(
    fc.tuple(
      fc.array(segment, { maxLength: 3 }),
      fc.oneof({ weight: 5, arbitrary: basename }, fc.constant('run')),
      dockerfile,
    ),
    { minLength: 1, maxLength: 9 },
  )
  .map((files) => Object.fromEntries(files.map(([path, name, text]) => [[...path, name].join('/'), text])))
  // git holds no path that is a file and a directory.
  .filter((files) =>
    Object.keys(files).every((path) => !Object.keys(files).some((other) => other.startsWith(`${path}/`))),
  );

function proposalFor(here: ReturnType<typeof snapshot>): Proposal {
  return propose({
    snapshot: here,
    dockerfiles: namedLikeDockerfiles(here.tree),
    repositoryName: 'repo',
    targetBranch: 'main',
  });
}

test('whatever is written can be read, and means what was proposed', () => {
  fc.assert(
    fc.property(repository, (files) => {
      const here = snapshot(files);
      const proposal = proposalFor(here);
      fc.pre(proposal.images.length > 0);
      const notes = notesOn(proposal);
      const yaml = renderConfigYaml(proposal, notes);
      const config = parseConfig(yaml, 'affected.yml');
      const { tree } = here;
      const images = discoverImages({ tree, config, repositoryName: 'repo', fileArgs: new Map() });
      expect(images.map(({ name }) => name)).toEqual(proposal.images.map(({ name }) => name));
      expect(images.map(({ dockerfile: path }) => path).sort()).toEqual(proposal.found.paths);

      const resolved = resolveImages({ snapshot: here, images, config });
      const side = { tree, snapshot: here, config, ...resolved, found: undefined as never, files: [] };
      expect(unusedSettings(side)).toEqual([]);
      const toldUnknown = notes.some(({ code }) =>
        ['argument-without-value', 'taken-reference', 'missed-reference'].includes(code),
      );
      const widened = [...resolved.images.values()]
        .flatMap(({ widenings }) => widenings)
        // Below our own registry, and no image here: only the Dockerfile can mend it.
        .filter(({ code, detail }) => code !== 'missing-image' || !detail.includes('"$CI_REGISTRY_IMAGE/'))
        // A bare digest, where another reference needs a rule with a tag: the same.
        .filter(({ detail }) => !detail.includes('only a tag tells which directory'));
      if (!toldUnknown) expect(widened).toEqual([]);

      // Every reference that is said to mean an image here is an edge to it.
      const missed = new Set(proposal.settings.missed.map(({ use }) => use));
      for (const { use, image } of proposal.groups.ours.flatMap(({ uses }) => uses)) {
        if (missed.has(use)) continue;
        const own = [...resolved.images.values()].find(
          (each) => each.image.dockerfile === use.image.dockerfile,
        );
        const meant = images.find((each) => each.dockerfile === image.dockerfile);
        if (own && !resolved.problems.some((problem) => problem.image === own.image.name))
          expect(own.dependencies.map((dependency) => dependency.image)).toContain(meant?.name);
      }
      expect(renderConfigYaml(proposalFor(snapshot(files)), notes)).toBe(yaml);
    }),
    { numRuns: runs(100) },
  );
});
